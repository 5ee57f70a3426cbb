import { sql } from 'kysely';
import { activePersonWithAddress } from '../account/person-with-address.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { administrator, type Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { newId } from '../kernel/id.ts';
import { changedProject, type Project } from './project.ts';
import { mustBeFree, projectName, taken } from './project-name.ts';

/**
 * Makes a project, with an owner or without; the actor does not become one. What the configuration says of projects
 * holds for it at once.
 *
 * @throws Failure FORBIDDEN, INVALID, TOO_LARGE, CONFLICT for a name that is taken, NOT_FOUND for an unknown owner
 */
export async function createProject(
  ctx: Context,
  text: string,
  ownerEmail: string | null,
): Promise<Project> {
  administrator(ctx);
  const named = projectName(text);
  return transact(ctx, async (tx) => {
    const owner = ownerEmail === null ? null : await activePersonWithAddress(tx, ownerEmail);
    await mustBeFree(tx, named);
    const id = newId();
    const { numAffectedRows } = await sql`
      insert into account (id, kind, slug, name) values (${id}, 'project', ${named.slug}, ${named.name})
      on conflict do nothing`.execute(tx.sql);
    if (numAffectedRows !== 1n) taken();
    if (owner !== null)
      await sql`insert into project_member (project_id, person_id, is_owner) values (${id}, ${owner}, true)`.execute(
        tx.sql,
      );
    await recordAudit(tx, {
      action: 'project.created',
      subjectKind: 'project',
      subject: id,
      after: { ...named, owner },
    });
    return changedProject(tx, id);
  });
}
