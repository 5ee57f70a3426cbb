/** Everything that Lumen keeps of a person, as one JSON document. */
import { type RawBuilder, sql } from 'kysely';
import { Conversation } from '../chat/conversation.entity.ts';
import { exportedConversations } from '../chat/export-conversations.ts';
import { type Context, signedIn } from '../context.ts';
import { groupNamesOf } from '../group/memberships.ts';
import { type PersonalFile, personalFiles } from './personal-files.ts';

/** Says what a file is, and which version of it. */
const FORM = 'lumen-personal-data-1';
/** Of this many conversations the messages are in memory at a time. */
const CONVERSATIONS_AT_A_TIME = 5;

/** Each gives rows of plain JSON; never a secret, and of keys and sessions nothing that opens anything. */
const SECTIONS: Readonly<Record<string, (accountId: string) => RawBuilder<unknown>>> = {
  acknowledgements: (id) => sql`
    select model, at from acknowledgement where account_id = ${id} order by at`,
  apiKeys: (id) => sql`
    select name, hint, scopes, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt",
      last_used_at as "lastUsedAt", last_address_class as "lastAddressClass"
    from api_key where account_id = ${id} order by created_at`,
  sessions: (id) => sql`
    select browser, created_at as "createdAt", seen_at as "seenAt", expires_at as "expiresAt"
    from session where account_id = ${id} order by created_at`,
  projects: (id) => sql`
    select a.slug, a.name, m.is_owner as "isOwner" from project_member m join account a on a.id = m.project_id
    where m.person_id = ${id} order by a.slug`,
  limits: (id) => sql`
    select 'month' as limits, trim_scale(max / 1000000.0)::text as max, set_at as "setAt" from monthly_limit
    where account_id = ${id}
    union all select 'pool', trim_scale(max / 1000000.0)::text, set_at from account_limit where account_id = ${id}`,
  usage: (id) => sql`
    select to_char(hour at time zone 'UTC', 'YYYY-MM') as month, model, source, sum(requests)::float8 as requests,
      sum(input_tokens)::float8 as "inputTokens", sum(output_tokens)::float8 as "outputTokens",
      trim_scale(sum(cost) / 1000000.0)::text as cost
    from usage_hour where account_id = ${id} group by 1, 2, 3 order by 1, 2, 3`,
  prompts: (id) => sql`
    select title, content, group_name as "sharedWith", created_at as "createdAt" from saved_prompt
    where owner_id = ${id} order by created_at`,
  folders: (id) => sql`
    select name, created_at as "createdAt" from conversation_folder where owner_id = ${id} order by created_at`,
};

/**
 * The document of the actor in pieces; only one piece is in memory at a time.
 *
 * @param files of the actor, where they are known already
 * @throws Failure UNAUTHENTICATED
 */
export async function* personalData(
  ctx: Context,
  files?: readonly PersonalFile[],
): AsyncGenerator<string, void> {
  const { accountId } = signedIn(ctx);
  yield `{"form":${json(FORM)},"exportedAt":${json(new Date())},"profile":${json(await profileOf(ctx))}`;
  for (const [name, rowsOf] of Object.entries(SECTIONS))
    yield `,\n${json(name)}:${json((await rowsOf(accountId).execute(ctx.sql)).rows)}`;
  yield `,\n"uploads":${json(files ?? (await personalFiles(ctx, accountId)))}`;
  yield ',\n"conversations":[';
  yield* conversationsOf(ctx, accountId);
  yield ']}\n';
}

async function profileOf(ctx: Context): Promise<object> {
  const actor = signedIn(ctx);
  const { accountId, name, email, isAdmin } = actor;
  const { rows } = await sql<{ created_at: string }>`
    select created_at from account where id = ${accountId}`.execute(ctx.sql);
  const groups = groupNamesOf(ctx.config, actor);
  return { id: accountId, name, email, isAdmin, createdAt: rows[0]?.created_at ?? null, groups };
}

/** All of them, also those that were hidden and not purged yet: they are kept as well. */
async function* conversationsOf(ctx: Context, ownerId: string): AsyncGenerator<string, void> {
  let isFirst = true;
  for await (const page of pagesOf(ctx, ownerId)) {
    const exported = await exportedConversations(ctx, page);
    for (const [at, one] of exported.entries()) {
      yield `${isFirst ? '' : ','}\n${json({ ...one, isHidden: page[at]?.hiddenAt != null })}`;
      isFirst = false;
    }
  }
}

async function* pagesOf(ctx: Context, ownerId: string): AsyncGenerator<Conversation[], void> {
  let page: Conversation[] = [];
  do {
    const last = page.at(-1);
    page = await ctx.em.find(
      Conversation,
      { ownerId, ...(last ? { id: { $gt: last.id } } : {}) },
      { orderBy: { id: 'asc' }, limit: CONVERSATIONS_AT_A_TIME },
    );
    yield page;
    // What was written is not needed any more: the unit of work would keep it.
    ctx.em.clear();
  } while (page.length === CONVERSATIONS_AT_A_TIME);
}

const json = (value: unknown): string => JSON.stringify(value);
