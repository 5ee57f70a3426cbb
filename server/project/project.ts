/** Lookups through the asker: there is no way to a project but by what one may do with it. */
import { sql } from 'kysely';
import { ACCOUNT_COLUMNS, type AccountRow, subjectOf } from '../account/actor.ts';
import type { Actor, Context, Subject } from '../context.ts';
import { signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';

/** What the actor may do with a project; each may do what those after it may. */
export type ProjectRole = 'ADMIN' | 'OWNER' | 'MANAGER';

/** A project as somebody sees it who may. */
export interface Project extends Subject {
  readonly id: string;
  /** The same, as whatever belongs to accounts is looked up. */
  readonly accountId: string;
  readonly slug: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly createdAt: Date;
  readonly role: ProjectRole;
}

export interface ProjectRow extends AccountRow {
  /** Milliseconds since 1970. */
  readonly created_at: number;
  /** Null for administrators who do not manage it. */
  readonly is_owner: boolean | null;
}

type Unit = Pick<Context, 'actor' | 'config' | 'sql'>;

const RANKS: Readonly<Record<ProjectRole, number>> = { ADMIN: 2, OWNER: 1, MANAGER: 0 };

/** The rows of projects with what the actor is to each: `a` is the account, `m` the membership. */
export const projectRows = (actor: Pick<Actor, 'accountId'>) => sql`
  select ${ACCOUNT_COLUMNS}, (extract(epoch from a.created_at) * 1000)::float8 as created_at, m.is_owner
  from account a left join project_member m on m.project_id = a.id and m.person_id = ${actor.accountId}
  where a.kind = 'project'`;

/** Of a row that the actor may see. */
export function projectOf(
  { actor, config }: Pick<Unit, 'actor' | 'config'>,
  row: ProjectRow,
): Project {
  return {
    ...subjectOf(row, config),
    id: row.account_id,
    accountId: row.account_id,
    slug: row.slug ?? '',
    name: row.name,
    isActive: row.is_active,
    createdAt: new Date(row.created_at),
    role: actor?.isAdmin ? 'ADMIN' : row.is_owner ? 'OWNER' : 'MANAGER',
  };
}

type ProjectName = { readonly id: string } | { readonly slug: string };

/**
 * A project that the actor manages. Managers know of active ones only; owners and administrators also of inactive ones.
 *
 * @throws Failure UNAUTHENTICATED, NOT_FOUND, FORBIDDEN for a manager who may do less than `atLeast`
 */
export async function managedProject(
  ctx: Unit,
  name: ProjectName,
  atLeast: ProjectRole = 'MANAGER',
): Promise<Project> {
  const { isAdmin } = signedIn(ctx);
  const row = await rowNamed(ctx, name);
  const isKnown = row && (isAdmin || row.is_owner || (row.is_owner === false && row.is_active));
  if (!isKnown) return fail('NOT_FOUND', 'No such project.');
  const project = projectOf(ctx, row);
  if (RANKS[project.role] < RANKS[atLeast])
    fail('FORBIDDEN', REFUSALS[atLeast], { reason: 'role_missing' });
  return project;
}

/** The same by either name. @throws Failure as `managedProject`, INVALID unless there is just one name */
export function projectNamed(
  ctx: Unit,
  { id, slug }: { readonly id?: string | null; readonly slug?: string | null },
): Promise<Project> {
  // Whoever may ask nothing learns nothing, not even how to ask.
  signedIn(ctx);
  if (id && !slug) return managedProject(ctx, { id });
  if (slug && !id) return managedProject(ctx, { slug });
  return fail('INVALID', 'Name the project either by its id or by its slug.', { param: 'id' });
}

/** A project as it is now, for those who have just changed it, be it so that they would not find it any more. */
export async function changedProject(ctx: Unit, id: string): Promise<Project> {
  const row = await rowNamed(ctx, { id });
  return row ? projectOf(ctx, row) : fail('NOT_FOUND', 'No such project.');
}

async function rowNamed(ctx: Unit, name: ProjectName): Promise<ProjectRow | undefined> {
  const isNamed =
    'id' in name
      ? sql`a.id = ${asId(name.id, 'project')}`
      : sql`a.slug = ${name.slug.replaceAll('\u0000', '')}`;
  const { rows } = await sql<ProjectRow>`${projectRows(signedIn(ctx))} and ${isNamed}`.execute(
    ctx.sql,
  );
  return rows[0];
}

const REFUSALS: Readonly<Record<ProjectRole, string>> = {
  ADMIN: 'Only administrators may do this with a project.',
  OWNER: 'Only the owner of the project, or an administrator, may do this.',
  MANAGER: 'Only those who manage the project may do this.',
};
