/** Sessions are rows on the server; a browser holds only a random token, and the table only its digest. */
import { sql } from 'kysely';
import { ACCOUNT_COLUMNS, type AccountRow, actorOf } from '../account/actor.ts';
import type { Actor, Context } from '../context.ts';
import { databaseFailure } from '../db/database-failure.ts';
import { newToken, tokenDigest } from '../kernel/secret.ts';

/** `seen_at` is written at most this often: a busy page is not a write per request. */
const SEEN_EVERY_MINUTES = 5;

type Unit = Pick<Context, 'sql' | 'config'>;

/** Opens a session and gives its token; a new sign-in always gets a new one. */
export async function openSession(
  ctx: Unit & Pick<Context, 'log'>,
  accountId: string,
  browser: string | null,
): Promise<string> {
  const token = newToken();
  const { idleHours, lifetimeDays } = ctx.config.app.session;
  await sql`insert into session (token_hash, account_id, browser, expires_at) values (${tokenDigest(token)},
      ${accountId}, ${browser}, now() + least(make_interval(hours => ${idleHours}), make_interval(days => ${lifetimeDays})))`.execute(
    ctx.sql,
  );
  ctx.log.info({ account: accountId, browser }, 'signed in');
  return token;
}

/** Who the token's session belongs to; null when it is unknown, ended or expired. @throws Failure FORBIDDEN */
export async function sessionActor(ctx: Unit, token: string): Promise<Actor | null> {
  const digest = tokenDigest(token);
  const { rows } = await sql<AccountRow & { is_stale: boolean }>`
    select ${ACCOUNT_COLUMNS},
      s.seen_at < now() - make_interval(mins => ${SEEN_EVERY_MINUTES}) as is_stale
    from session s join account a on a.id = s.account_id
    where s.token_hash = ${digest} and s.expires_at > now()`.execute(ctx.sql);
  const [row] = rows;
  if (!row) return null;
  if (row.is_stale) await touch(ctx, digest).catch(unlessAway);
  return actorOf(row, ctx.config, { session: digest });
}

/** Ends the token's session, everywhere and at once: it opens nothing from now on, even if its account is disabled. */
export async function closeSession(
  ctx: Pick<Context, 'sql' | 'live'>,
  token: string,
): Promise<void> {
  const { rows } = await sql<{ account: string }>`
    delete from session where token_hash = ${tokenDigest(token)} returning account_id as account`.execute(
    ctx.sql,
  );
  ctx.live.publish(...rows.map(({ account }) => ({ kind: 'accessChanged', account }) as const));
}

/** Deletes what has expired. */
export async function sweepSessions(ctx: Unit): Promise<void> {
  await sql`delete from session where expires_at < now()`.execute(ctx.sql);
}

/** Where nothing can be kept, as on a full disk, people go on reading. */
function unlessAway(error: unknown): void {
  if (!databaseFailure(error)) throw error;
}

async function touch(ctx: Unit, digest: Buffer): Promise<void> {
  const { idleHours, lifetimeDays } = ctx.config.app.session;
  await sql`update session set seen_at = now(), expires_at = least(now() + make_interval(hours => ${idleHours}),
      created_at + make_interval(days => ${lifetimeDays}))
    where token_hash = ${digest}`.execute(ctx.sql);
}
