/** Ends what is under way on somebody's behalf as soon as they may not have it done any more. */
import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Actor } from '../context.ts';
import type { Sql } from '../db/orm.ts';
import { Failure } from '../kernel/failure.ts';
import type { Bus } from '../live/bus.ts';

declare module '../context.ts' {
  interface Parts {
    readonly revocations: Revocations;
  }
}

/** What some work stands on: it ends with the account, and with the key or the session if it names one. */
export type Standing = Pick<Actor, 'accountId' | 'apiKeyId' | 'session'> & {
  /** The address of an administrator whose work ends when they are no longer one. */
  readonly adminEmail?: string | null;
};

interface Watch {
  readonly standing: Standing;
  readonly end: (reason: Failure) => void;
}

/** Bounds how long a change goes unseen that no fact told: a session that expired, a fact lost on its way. */
const LOOK_EVERY_MS = 10_000;

export class Revocations {
  readonly #sql: Sql;
  readonly #log: Logger;
  readonly #watches = new Map<string, Set<Watch>>();
  /** Accounts of which something was heard lately: who began before it may have been let in on what was true then. */
  readonly #heard = new Set<string>();
  readonly #unlisten: () => void;
  readonly #interval: NodeJS.Timeout;
  #looking: Promise<void> = Promise.resolve();

  constructor(connection: Sql, live: Bus, log: Logger) {
    this.#sql = connection;
    this.#log = log;
    this.#unlisten = live.listen((fact) => {
      if (fact.kind === 'accessChanged' || fact.kind === 'keysChanged') this.#lookAt(fact.account);
    });
    this.#interval = setInterval(() => {
      this.#heard.clear();
      this.#lookAt(null);
    }, LOOK_EVERY_MS).unref();
  }

  /** Calls `end`, once, when the standing is lost. Gives what ends the watch. */
  watch(standing: Standing, end: (reason: Failure) => void): () => void {
    const { accountId } = standing;
    const watch = { standing, end };
    const all = this.#watches.get(accountId) ?? new Set();
    this.#watches.set(accountId, all.add(watch));
    if (this.#heard.has(accountId)) this.#lookAt(accountId);
    return () => this.#forget(watch);
  }

  /** Ends what stood on being an administrator of an earlier configuration. */
  followConfig({ admins }: Config): void {
    for (const watch of this.#of(null)) {
      const { adminEmail } = watch.standing;
      if (adminEmail && !admins.has(adminEmail)) this.#end(watch);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#interval);
    this.#unlisten();
    this.#watches.clear();
    await this.#looking;
  }

  /** One look after the other, so that the last one sees what the last fact told. */
  #lookAt(account: string | null): void {
    if (account !== null) this.#heard.add(account);
    this.#looking = this.#looking
      .then(() => this.#look(this.#of(account)))
      .catch((error) => this.#log.warn({ err: error }, 'revoked access could not be looked for'));
  }

  #of(account: string | null): readonly Watch[] {
    if (account !== null) return [...(this.#watches.get(account) ?? [])];
    return [...this.#watches.values()].flatMap((watches) => [...watches]);
  }

  async #look(watches: readonly Watch[]): Promise<void> {
    if (watches.length === 0) return;
    const lost = await lostStandings(
      this.#sql,
      watches.map(({ standing }) => standing),
    );
    for (const at of lost) {
      const watch = watches[at];
      if (watch) this.#end(watch);
    }
  }

  #end(watch: Watch): void {
    if (this.#forget(watch)) watch.end(revoked());
  }

  #forget(watch: Watch): boolean {
    const { accountId } = watch.standing;
    const all = this.#watches.get(accountId);
    const isWatched = all?.delete(watch) ?? false;
    if (all?.size === 0) this.#watches.delete(accountId);
    return isWatched;
  }
}

/** The places of those standings that hold no longer. */
async function lostStandings(
  connection: Sql,
  standings: readonly Standing[],
): Promise<readonly number[]> {
  const { rows } = await sql<{ at: number }>`
    select (w.at - 1)::int as at
    from unnest(${standings.map((s) => s.accountId)}::uuid[], ${standings.map((s) => s.apiKeyId)}::uuid[],
      ${standings.map((s) => s.session)}::bytea[]) with ordinality as w (account_id, api_key_id, session, at)
    where not exists (select from account a where a.id = w.account_id and a.is_active)
      or w.api_key_id is not null and not exists (select from api_key k where k.id = w.api_key_id
        and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))
      or w.session is not null and not exists (select from session s where s.token_hash = w.session
        and s.expires_at > now())`.execute(connection);
  return rows.map(({ at }) => at);
}

const revoked = (): Failure =>
  new Failure('FORBIDDEN', 'Your access has ended. Sign in again, or ask an administrator.', {
    reason: 'access_revoked',
  });
