/** Full-text search over the titles and messages of the actor's conversations. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { decodeCursor, type Page, pageOf, pageSize } from '../kernel/page.ts';
import { searchQuery } from './search-query.ts';
import { type SnippetPart, START, STOP, snippetParts } from './snippet.ts';

/** So many of the newest are ranked; what is found more often than that is no better found by ranking all of it. */
const RANKED_MAX = 1_000;
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

const CURSOR = z.tuple([z.string().regex(/^\d+$/), z.uuid()]);

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
  ), newest as materialized (
    select s.conversation_id, s.message_id, coalesce(s.message_id, s.conversation_id) as id, s.words
    from searched_text s
    where s.words @@ ((select words from asked where numnode(words) > 0) && ${`'@${accountId}'`}::tsquery)
      and s.conversation_id not in (
        select id from conversation where owner_id = ${accountId} and (hidden_at is not null or is_temporary))
    order by 3 desc limit ${RANKED_MAX}
  ), ranked as (
    select conversation_id, message_id, id,
      round((case when message_id is null then 100 else 0 end + ts_rank(newest.words, asked.words)) * 1000000)::bigint as rank
    from newest, asked
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

const hit = (row: HitRow): SearchHit => ({
  conversationId: row.conversation_id,
  messageId: row.message_id,
  snippet: snippetParts(row.headline),
});
