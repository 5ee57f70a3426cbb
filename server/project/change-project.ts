import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { transact } from '../db/transact.ts';
import { asId } from '../kernel/id.ts';
import { changedProject, managedProject, type Project, type ProjectRole } from './project.ts';

/** What was changed, for the audit trail. */
interface ProjectChange {
  readonly action: `project.${string}`;
  readonly before?: object;
  readonly after?: object;
}

/**
 * Changes a project that the actor manages, with its entry in the audit trail. Changes of one project wait for one
 * another, so each is decided on what the one before has left.
 *
 * @throws Failure UNAUTHENTICATED, NOT_FOUND, FORBIDDEN, and what `change` throws
 */
export function changeProject(
  ctx: Context,
  projectId: string,
  atLeast: ProjectRole,
  change: (tx: Context, project: Project) => Promise<ProjectChange>,
): Promise<Project> {
  const id = asId(projectId, 'project');
  return transact(ctx, async (tx) => {
    await sql`select from account where id = ${id} and kind = 'project' for update`.execute(tx.sql);
    const done = await change(tx, await managedProject(tx, { id }, atLeast));
    await recordAudit(tx, { ...done, subjectKind: 'project', subject: id });
    return changedProject(tx, id);
  });
}
