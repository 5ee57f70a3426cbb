import { sql } from 'kysely';
import { activePersonWithAddress, personWithAddress } from '../account/person-with-address.ts';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { changeProject } from './change-project.ts';
import type { Project } from './project.ts';

/** Lets a person manage a project. @throws Failure as `changeProject`, INVALID, NOT_FOUND, CONFLICT when they do already */
export function addProjectManager(
  ctx: Context,
  projectId: string,
  email: string,
): Promise<Project> {
  return changeProject(ctx, projectId, 'OWNER', async (tx, { id }) => {
    const person = await activePersonWithAddress(tx, email);
    const { numAffectedRows } = await sql`
      insert into project_member (project_id, person_id) values (${id}, ${person}) on conflict do nothing`.execute(
      tx.sql,
    );
    if (numAffectedRows === 0n)
      fail('CONFLICT', 'This person manages the project already.', {
        reason: 'already_manager',
        param: 'email',
      });
    return { action: 'project.manager_added', after: { person } };
  });
}

/** @throws Failure as `changeProject`, INVALID, NOT_FOUND for whoever does not manage it, CONFLICT for its owner */
export function removeProjectManager(
  ctx: Context,
  projectId: string,
  email: string,
): Promise<Project> {
  return changeProject(ctx, projectId, 'OWNER', async (tx, { id }) => {
    const person = await personWithAddress(tx, email);
    const { rows } = await sql<{ is_owner: boolean }>`
      select is_owner from project_member where project_id = ${id} and person_id = ${person}`.execute(
      tx.sql,
    );
    const [row] = rows;
    if (!row) fail('NOT_FOUND', 'This person does not manage the project.', { param: 'email' });
    if (row?.is_owner)
      fail('CONFLICT', 'The owner stays a manager: transfer the project first.', {
        reason: 'is_owner',
        param: 'email',
      });
    await sql`delete from project_member where project_id = ${id} and person_id = ${person}`.execute(
      tx.sql,
    );
    return { action: 'project.manager_removed', before: { person } };
  });
}

/**
 * Gives a project another owner, or its first one, who becomes a manager when they are none; the one before stays a
 * manager.
 *
 * @throws Failure as `changeProject`, INVALID, NOT_FOUND for an unknown person, CONFLICT when they own it already
 */
export function transferProject(ctx: Context, projectId: string, email: string): Promise<Project> {
  return changeProject(ctx, projectId, 'OWNER', async (tx, { id }) => {
    const owner = await activePersonWithAddress(tx, email);
    const { rows } = await sql<{ person_id: string }>`
      update project_member set is_owner = false where project_id = ${id} and is_owner returning person_id`.execute(
      tx.sql,
    );
    const before = rows[0]?.person_id ?? null;
    if (before === owner)
      fail('CONFLICT', 'This person owns the project already.', {
        reason: 'already_owner',
        param: 'email',
      });
    await sql`
      insert into project_member (project_id, person_id, is_owner) values (${id}, ${owner}, true)
      on conflict (project_id, person_id) do update set is_owner = true`.execute(tx.sql);
    return { action: 'project.transferred', before: { owner: before }, after: { owner } };
  });
}
