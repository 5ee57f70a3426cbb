/** The people around projects: those who manage them, and those who could. */
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { searchPatterns } from '../kernel/search.ts';
import { managedProject } from './project.ts';

export interface ProjectPerson {
  readonly name: string;
  readonly email: string;
}

export interface ProjectManager extends ProjectPerson {
  readonly isOwner: boolean;
}

const FOUND_MAX = 10;
const SEARCH_CHARACTERS_MIN = 2;

/** Who manages each project, its owner first, then by name. The caller has looked the projects up through the asker. */
export async function managersOf(
  ctx: Pick<Context, 'sql'>,
  projectIds: readonly string[],
): Promise<readonly (readonly ProjectManager[])[]> {
  const { rows } = await sql<ProjectManager & { project_id: string }>`
    select m.project_id, a.name, a.email, m.is_owner as "isOwner"
    from project_member m join account a on a.id = m.person_id
    where m.project_id = any(${projectIds}::uuid[])
    order by m.is_owner desc, a.name, a.id`.execute(ctx.sql);
  const byProject = Map.groupBy(rows, (row) => row.project_id);
  return projectIds.map((id) => byProject.get(id) ?? []);
}

/**
 * People whom the owner of a project could make its managers, by what their names or addresses contain; nobody for a
 * single character.
 *
 * @throws Failure as `managedProject`
 */
export async function searchPeopleForProject(
  ctx: Context,
  projectId: string,
  search: string,
): Promise<readonly ProjectPerson[]> {
  const { id } = await managedProject(ctx, { id: projectId }, 'OWNER');
  if (search.trim().length < SEARCH_CHARACTERS_MIN) return [];
  const contains = searchPatterns(search).map(
    (pattern) => sql`and (a.name ilike ${pattern} or a.email ilike ${pattern})`,
  );
  const { rows } = await sql<ProjectPerson>`
    select a.name, a.email from account a
    where a.kind = 'person' and a.is_active ${sql.join(contains, sql` `)}
      and not exists (select from project_member m where m.project_id = ${id} and m.person_id = a.id)
    order by a.name, a.id limit ${FOUND_MAX}`.execute(ctx.sql);
  return rows;
}
