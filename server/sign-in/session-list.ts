import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';

/** A browser that is signed in, as its owner may know it. */
export interface Session {
  readonly id: string;
  /** Such as "Firefox on Linux"; null when it did not tell. */
  readonly browser: string | null;
  readonly createdAt: Date;
  readonly seenAt: Date;
  /** Whether it is the one that asks. */
  readonly isCurrent: boolean;
}

type Stored = Pick<Session, 'id' | 'browser' | 'isCurrent'> &
  Record<'createdAt' | 'seenAt', string>;

/** The actor's open sessions, the one used last first. */
export function sessionList(ctx: Pick<Context, 'sql' | 'actor'>): Promise<readonly Session[]> {
  const { accountId, session } = signedIn(ctx);
  return sessionsOf(ctx, accountId, session);
}

/** Those of any account. The caller has checked that the actor may know of them. */
export async function sessionsOf(
  ctx: Pick<Context, 'sql'>,
  accountId: string,
  current: Buffer | null = null,
): Promise<readonly Session[]> {
  const { rows } = await sql<Stored>`
    select id, browser, created_at as "createdAt", seen_at as "seenAt",
      coalesce(token_hash = ${current}::bytea, false) as "isCurrent"
    from session where account_id = ${accountId} and expires_at > now()
    order by seen_at desc, id limit 500`.execute(ctx.sql);
  return rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    seenAt: new Date(row.seenAt),
  }));
}
