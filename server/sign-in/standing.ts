/** What work under way stands on, and whether it still holds. */
import { sql } from 'kysely';
import { subjectsOf } from '../account/subjects.ts';
import type { Config } from '../config/config.ts';
import type { Actor, Subject } from '../context.ts';
import type { Sql } from '../db/orm.ts';

/** The account, and the key or the session if the actor came with one: the work ends with the first that ends. */
export interface Standing {
  readonly actor: Pick<Actor, 'accountId' | 'apiKeyId' | 'keyTerms' | 'session'>;
  /** Under which the actor was let in. */
  readonly config: Config;
  /** What else must hold for the account. @throws Failure when it does no longer */
  readonly condition?: (now: Now) => unknown;
}

/** The configuration in force, and what rules look at of the account. */
export interface Now {
  readonly config: Config;
  readonly actor: Subject;
}

export interface State {
  readonly isLost: boolean;
  /** Until the key or the session ends by itself; null is never. */
  readonly endsInMs: number | null;
  /** Null when the standing has no condition. */
  readonly subject: Subject | null;
}

/** How the standings are now, in their order. */
export async function statesOf(
  connection: Sql,
  standings: readonly Standing[],
  config: Config,
): Promise<readonly State[]> {
  const actors = standings.map(({ actor }) => actor);
  const { rows } = await sql<Omit<State, 'subject'>>`
    select a.id is null or w.api_key_id is not null and k.id is null or w.session is not null and s.id is null
        or coalesce(least(k.expires_at, s.expires_at) <= now(), false) as "isLost",
      (extract(epoch from least(k.expires_at, s.expires_at) - now()) * 1000)::float8 as "endsInMs"
    from unnest(${actors.map((a) => a.accountId)}::uuid[], ${actors.map((a) => a.apiKeyId)}::uuid[],
      ${actors.map((a) => a.session)}::bytea[]) with ordinality as w (account_id, api_key_id, session, at)
      left join account a on a.id = w.account_id and a.is_active
      left join api_key k on k.id = w.api_key_id and k.revoked_at is null
      left join session s on s.token_hash = w.session
    order by w.at`.execute(connection);
  const conditional = standings.filter(({ condition }) => condition);
  const subjects = await subjectsOf(
    connection,
    conditional.map(({ actor }) => actor.accountId),
    config,
  );
  return rows.map((row, at) => ({
    ...row,
    subject: subjects.get(actors[at]?.accountId ?? '') ?? null,
  }));
}
