import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { type Context, signedIn } from '../context.ts';
import { decodeCursor, type Page, pageOf, pageSize } from '../kernel/page.ts';
import { searchPatterns } from '../kernel/search.ts';
import { type Project, type ProjectRow, projectOf, projectRows } from './project.ts';

const used = (sum: RawBuilder<unknown>) =>
  sql`coalesce((select ${sum} from usage_hour u where u.account_id = a.id), 0)`;

/** What projects can be ordered by; all but the name are numbers. */
const KEYS = {
  name: sql`lower(a.name)`,
  managers: sql`(select count(*) from project_member all_m where all_m.project_id = a.id)`,
  active: sql`a.is_active::int`,
  requests: used(sql`sum(requests)`),
  tokens: used(sql`sum(input_tokens + output_tokens)`),
  cost: used(sql`sum(cost)`),
  createdAt: sql`extract(epoch from a.created_at)`,
} as const;

export type ProjectOrder = keyof typeof KEYS;

export interface ProjectListing {
  readonly first: number;
  readonly after?: string | null | undefined;
  /** Words that names or slugs contain. */
  readonly search?: string | null | undefined;
  /** Matters to administrators only: owners always see theirs, other managers never see one. */
  readonly includeInactive: boolean;
  readonly orderBy: ProjectOrder;
  readonly descending: boolean;
}

const NAME_CURSOR = z.tuple([z.string().regex(/^\P{Cc}*$/u), z.uuid()]);
const NUMBER_CURSOR = z.tuple([z.string().regex(/^\d+(\.\d+)?$/), z.uuid()]);

/** The projects that the actor manages; all of them for administrators. @throws Failure UNAUTHENTICATED, INVALID */
export async function projectList(
  ctx: Pick<Context, 'actor' | 'config' | 'sql'>,
  { first, after, search, includeInactive, orderBy, descending }: ProjectListing,
): Promise<Page<Project>> {
  const actor = signedIn(ctx);
  const { isAdmin } = actor;
  const size = pageSize(first);
  const type = sql.raw(orderBy === 'name' ? 'text' : 'numeric');
  const direction = sql.raw(descending ? 'desc' : 'asc');
  const beyond = sql.raw(descending ? '<' : '>');
  const [key, id] =
    typeof after === 'string'
      ? decodeCursor(after, orderBy === 'name' ? NAME_CURSOR : NUMBER_CURSOR)
      : [null, null];
  const contains = searchPatterns(search ?? null).map(
    (pattern) => sql`and (a.name ilike ${pattern} or a.slug ilike ${pattern})`,
  );
  const { rows } = await sql<ProjectRow & { key: string }>`
    select p.*, p.sort::text as key from (
      select known.*, ${KEYS[orderBy]}::${type} as sort
      from (${projectRows(actor)} ${sql.join(contains, sql` `)}) known join account a on a.id = known.account_id
      where known.is_owner
        or a.is_active and (${isAdmin} or known.is_owner is not null)
        or ${isAdmin} and ${includeInactive}
    ) p
    where ${key}::text is null or (p.sort, p.account_id) ${beyond} (${key}::${type}, ${id}::uuid)
    order by p.sort ${direction}, p.account_id ${direction} limit ${size + 1}`.execute(ctx.sql);
  const page = pageOf(rows, size, (last) => [last.key, last.account_id]);
  return { ...page, nodes: page.nodes.map((row) => projectOf(ctx, row)) };
}
