import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { Account } from '../account/account.entity.ts';
import type { Config } from '../config/config.ts';
import { administrator, type Context } from '../context.ts';
import { decodeCursor, type Page, pageOf, pageSize } from '../kernel/page.ts';
import { searchPatterns } from '../kernel/search.ts';
import { ACCOUNT_USAGE } from '../usage/account-usage.ts';
import { leftOfPeople } from './left-of-people.ts';
import { LAST_USE } from './person-facts.ts';

/** By what people can be ordered: a key, and the relation beside `account a` that it is of. */
interface Order {
  readonly key: RawBuilder<unknown>;
  readonly of?: (config: Config) => RawBuilder<unknown>;
}

const used = (key: RawBuilder<unknown>): Order => ({
  key: sql`coalesce(${key}, 0)`,
  of: () => sql`left join (${ACCOUNT_USAGE}) u on u.account_id = a.id`,
});

const TEXTS = { name: { key: sql`lower(a.name)` }, email: { key: sql`a.email` } };
const NUMBERS = {
  createdAt: { key: sql`extract(epoch from a.created_at)` },
  lastSeenAt: {
    key: sql`extract(epoch from greatest(a.seen_at, u.at))`,
    of: () => sql`left join (${LAST_USE}) u on u.account_id = a.id`,
  },
  left: {
    key: sql`l.amount`,
    of: (config: Config) => sql`left join (${leftOfPeople(config)}) l on l.account_id = a.id`,
  },
  cost: used(sql`u.cost`),
  tokens: used(sql`u.input_tokens + u.output_tokens`),
  requests: used(sql`u.requests`),
};
const ORDERS: Readonly<Record<PeopleOrder, Order>> = { ...TEXTS, ...NUMBERS };

export type PeopleOrder = keyof typeof TEXTS | keyof typeof NUMBERS;

export interface PeopleListing {
  readonly first: number;
  readonly after?: string | null | undefined;
  /** Words that names or addresses contain. */
  readonly search?: string | null | undefined;
  /** Only those who asked for their account to be deleted. */
  readonly asksForDeletion: boolean;
  readonly orderBy: PeopleOrder;
  readonly descending: boolean;
}

const TEXT_CURSOR = z.tuple([z.string().regex(/^\P{Cc}*$/u), z.uuid()]);
/** Empty for those who have no such number: they come last. */
const NUMBER_CURSOR = z.tuple([z.string().regex(/^(-?\d+(\.\d+)?|Infinity)?$/), z.uuid()]);

/** Everybody who has ever signed in and was not deleted since. @throws Failure FORBIDDEN, INVALID */
export async function peopleList(ctx: Context, listing: PeopleListing): Promise<Page<Account>> {
  administrator(ctx);
  const size = pageSize(listing.first);
  const { rows } = await peopleAfter(ctx, listing, size).execute(ctx.sql);
  const { nodes, next } = pageOf(rows, size, ({ key, id }) => [key ?? '', id]);
  const ids = nodes.map(({ id }) => id);
  const accounts = await ctx.em.find(Account, { id: { $in: ids } });
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return { nodes: ids.flatMap((id) => byId.get(id) ?? []), next };
}

/** Ids first: only a page of people is read whole. */
function peopleAfter(
  { config }: Context,
  { after, search, asksForDeletion, orderBy, descending }: PeopleListing,
  size: number,
): RawBuilder<{ id: string; key: string | null }> {
  const isText = orderBy in TEXTS;
  const type = sql.raw(isText ? 'text' : 'numeric');
  const { key, of } = ORDERS[orderBy];
  const direction = sql.raw(descending ? 'desc' : 'asc');
  const matches = searchPatterns(search ?? null).map(
    (pattern) => sql`and (a.name ilike ${pattern} or a.email ilike ${pattern})`,
  );
  return sql<{ id: string; key: string | null }>`
    select id, sort::text as key from (
      select a.id, (${key})::${type} as sort from account a ${of?.(config) ?? sql``}
      where a.kind = 'person' and a.deleted_at is null ${sql.join(matches, sql` `)}
        and (not ${asksForDeletion} or exists (select from deletion_request d where d.account_id = a.id))
    ) p
    where ${after ? beyond(decodeCursor(after, isText ? TEXT_CURSOR : NUMBER_CURSOR), type, descending) : sql`true`}
    order by sort ${direction} nulls last, id ${direction} limit ${size + 1}`;
}

function beyond(
  [key, id]: readonly [string, string],
  type: RawBuilder<unknown>,
  descending: boolean,
): RawBuilder<boolean> {
  const than = sql.raw(descending ? '<' : '>');
  if (key === '') return sql`sort is null and id ${than} ${id}::uuid`;
  return sql`(sort is null or (sort, id) ${than} (${key}::${type}, ${id}::uuid))`;
}
