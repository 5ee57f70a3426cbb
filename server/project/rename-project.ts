import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { changeProject } from './change-project.ts';
import type { Project } from './project.ts';
import { mustBeFree, projectName } from './project-name.ts';

/**
 * Gives a project another name. Its slug stays: by it the configuration grants a pool and models, and an owner must not
 * come by those of another block.
 *
 * @throws Failure as `changeProject`, INVALID, TOO_LARGE, CONFLICT for a name that is taken
 */
export function renameProject(ctx: Context, id: string, text: string): Promise<Project> {
  const named = projectName(text);
  return changeProject(ctx, id, 'OWNER', async (tx, { name, accountId }) => {
    await mustBeFree(tx, named, accountId);
    await sql`update account set name = ${named.name} where id = ${accountId}`.execute(tx.sql);
    return { action: 'project.renamed', before: { name }, after: { name: named.name } };
  });
}
