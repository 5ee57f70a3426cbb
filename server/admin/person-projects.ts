import { sql } from 'kysely';
import { type Context, signedIn } from '../context.ts';
import { type Project, type ProjectRow, projectOf, projectRows } from '../project/project.ts';

/** The projects that each person lists as theirs, by name. The caller has checked that the actor may see them. */
export async function projectsOfPeople(
  ctx: Pick<Context, 'actor' | 'config' | 'sql'>,
  personIds: readonly string[],
): Promise<readonly (readonly Project[])[]> {
  const { rows } = await sql<ProjectRow & { person_id: string }>`
    select known.*, m.person_id
    from (${projectRows(signedIn(ctx))}) known join project_member m on m.project_id = known.account_id
    where m.person_id = any(${personIds}::uuid[]) and (m.is_owner or known.is_active)
    order by lower(known.name), known.account_id`.execute(ctx.sql);
  const byPerson = Map.groupBy(rows, (row) => row.person_id);
  return personIds.map((id) => (byPerson.get(id) ?? []).map((row) => projectOf(ctx, row)));
}
