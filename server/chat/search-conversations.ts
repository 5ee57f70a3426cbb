/** Full-text search over the titles and messages of the actor's conversations. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { decodeCursor, type Page, pageOf, pageSize } from '../kernel/page.ts';
import { searchQuery } from './search-query.ts';
import { type SnippetPart, START, STOP, snippetParts } from './snippet.ts';

/** So many are ranked, titles and then the newest; what is found more often is no better found by ranking all of it. */
const RANKED_MAX = 500;
/** So many of the newest messages and titles are looked at one by one, before the index is asked. */
const RECENT = 600;
/** A word that so many of those have is in too many others to read them all: it is found among the recent alone. */
const COMMON_MIN = 200;
/** Of one page: a snippet is cut from a whole message each time. */
const HITS_MAX = 50;
/** What of a message is searched: see the migration. */
const SEARCHED_CHARACTERS = 100_000;

export interface SearchHit {
  readonly conversationId: string;
  /** Null when the title was found. */
  readonly messageId: string | null;
  readonly snippet: readonly SnippetPart[];
}

export interface Search {
  readonly text: string;
  readonly first: number;
  readonly after: string | null;
}

const CURSOR = z.tuple([z.string().regex(/^\d{1,18}$/), z.uuid()]);

/** The best first: titles, then messages by how much they are about the words, of equals the newest. */
export async function searchConversations(
  ctx: Context,
  { text, first, after }: Search,
): Promise<Page<SearchHit>> {
  const { accountId } = signedIn(ctx);
  const size = pageSize(first, HITS_MAX);
  const cursor = after === null ? null : decodeCursor(after, CURSOR);
  const query = searchQuery(text);
  if (query === null) return { nodes: [], next: null };
  const { rows } = await sql<HitRow>`${hits(accountId, query, cursor, size + 1)}`.execute(ctx.sql);
  const page = pageOf(rows, size, ({ rank, id }) => [rank, id]);
  return { ...page, nodes: page.nodes.map(hit) };
}

interface HitRow {
  readonly conversation_id: string;
  readonly message_id: string | null;
  readonly id: string;
  readonly rank: string;
  readonly headline: string;
}

/** The rank is a whole number, which a cursor can say exactly. */
const hits = (
  accountId: string,
  query: string,
  cursor: readonly [string, string] | null,
  limit: number,
) => sql<HitRow>`
  with asked as materialized (
    select to_tsquery('simple', ${query}) as words
  ), recently as materialized (
    select r.* from (${recent(accountId)}) r, asked where numnode(asked.words) > 0 and r.words @@ asked.words
  ), found as materialized (
    select * from recently where (select count(*) from recently) >= ${COMMON_MIN}
    union all
    (select s.conversation_id, s.message_id, s.words
    from searched_text s
    where (select count(*) from recently) < ${COMMON_MIN}
      and s.words @@ ((select words from asked where numnode(words) > 0) && ${`'@${accountId}'`}::tsquery)
      and s.conversation_id not in (
        select id from conversation where owner_id = ${accountId} and (hidden_at is not null or is_temporary))
    order by s.message_id is null desc, coalesce(s.message_id, s.conversation_id) desc limit ${RANKED_MAX})
  ), ranked as (
    select conversation_id, message_id, coalesce(message_id, conversation_id) as id,
      round((case when message_id is null then 100 else 0 end + ts_rank(found.words, asked.words)) * 1000000)::bigint as rank
    from found, asked
  ), page as (
    select * from ranked
    where ${cursor === null ? sql`true` : sql`(rank, id) < (${cursor[0]}::bigint, ${cursor[1]}::uuid)`}
    order by rank desc, id desc limit ${limit}
  )
  select p.conversation_id, p.message_id, p.id, p.rank::text,
    ts_headline('simple', translate(coalesce(left(m.content, ${SEARCHED_CHARACTERS}), c.title), ${START + STOP}, ''),
      asked.words, ${`StartSel=${START}, StopSel=${STOP}, MaxWords=30, MinWords=15, MaxFragments=1`}) as headline
  from page p join conversation c on c.id = p.conversation_id left join message m on m.id = p.message_id, asked
  order by p.rank desc, p.id desc`;

/** What was touched last: the titles of so many conversations, and so many of their messages. */
const recent = (accountId: string) => sql`
  with c as materialized (
    select id from conversation where owner_id = ${accountId} and hidden_at is null and not is_temporary
    order by updated_at desc, id desc limit ${RECENT}
  )
  select s.conversation_id, s.message_id, s.words
  from c join searched_text s on s.conversation_id = c.id and s.message_id is null
  union all
  (select s.conversation_id, s.message_id, s.words
  from c cross join lateral (select * from searched_text where conversation_id = c.id and message_id is not null
    order by message_id desc limit ${RECENT}) s
  limit ${RECENT})`;

const hit = (row: HitRow): SearchHit => ({
  conversationId: row.conversation_id,
  messageId: row.message_id,
  snippet: snippetParts(row.headline),
});
