/** From the key that a caller sent to the account that owns it. */
import { sql } from 'kysely';
import { ACCOUNT_COLUMNS, type AccountRow, actorOf } from '../account/actor.ts';
import type { Config } from '../config/config.ts';
import type { Actor, Context, KeyTerms, Scope } from '../context.ts';
import type { Coins } from '../kernel/coins.ts';
import { fail } from '../kernel/failure.ts';
import { keyDigest, keyFingerprint } from '../kernel/secret.ts';
import type { Bus } from '../live/bus.ts';
import { addressClass } from '../rate/client-address.ts';

declare module '../context.ts' {
  interface Parts {
    readonly knownKeys: KnownKeys;
  }
}

interface KeyRow extends AccountRow {
  readonly api_key_id: string;
  readonly scopes: readonly Scope[];
  /** Milliseconds since 1970. */
  readonly expires_at: number | null;
  /** Milliseconds until then, by the clock of the database. */
  readonly left_ms: number | null;
  readonly cost_max: Coins | null;
}

const KNOWN_MAX = 10_000;
/** Bounds how long a change that no fact told (made by hand in the database) goes unseen. */
const KNOWN_MS = 10_000;

/** A key as it was read, and whom it stood for the last time. */
class KnownKey {
  readonly row: KeyRow;
  readonly until = performance.now() + KNOWN_MS;
  readonly #expiresAtMs: number;
  #latest: { readonly config: Config; readonly address: string; readonly actor: Actor } | null =
    null;

  constructor(row: KeyRow) {
    this.row = row;
    this.#expiresAtMs = performance.now() + (row.left_ms ?? Number.POSITIVE_INFINITY);
  }

  /** By a clock that never jumps. */
  get isExpired(): boolean {
    return this.#expiresAtMs <= performance.now();
  }

  /** One actor for requests in a row, so that what follows from it (its groups) is worked out once. */
  actor(config: Config, address: string): Actor {
    if (this.#latest?.config !== config || this.#latest.address !== address) {
      const { row } = this;
      const door = { apiKeyId: row.api_key_id, keyTerms: termsOf(row, address) };
      this.#latest = { config, address, actor: actorOf(row, config, door) };
    }
    return this.#latest.actor;
  }
}

/** Keys seen lately, by their fingerprint; forgotten as soon as any key of their account changes. */
export class KnownKeys {
  readonly #keys = new Map<string, KnownKey>();
  readonly #unlisten: () => void;
  #changes = 0;

  constructor(live: Bus) {
    this.#unlisten = live.listen((fact) => {
      if (fact.kind === 'keysChanged' || fact.kind === 'accessChanged') this.#forget(fact.account);
    });
  }

  /** Counts what was heard of changed keys: what was read before the latest one may be out of date. */
  get changes(): number {
    return this.#changes;
  }

  get(fingerprint: string): KnownKey | null {
    const known = this.#keys.get(fingerprint);
    return known && known.until > performance.now() ? known : null;
  }

  /** @param changes as they were before the row was read: a key revoked since then must not come back */
  set(fingerprint: string, row: KeyRow, changes: number): KnownKey {
    const key = new KnownKey(row);
    if (changes !== this.#changes) return key;
    if (this.#keys.size >= KNOWN_MAX) this.#keys.clear();
    this.#keys.set(fingerprint, key);
    return key;
  }

  close(): void {
    this.#unlisten();
  }

  #forget(account: string | null): void {
    this.#changes += 1;
    for (const [fingerprint, { row }] of this.#keys)
      if (account === null || row.account_id === account) this.#keys.delete(fingerprint);
  }
}

/**
 * Who the key stands for.
 *
 * @throws Failure UNAUTHENTICATED for an unknown, revoked or expired key, FORBIDDEN when its account is disabled
 */
export async function recogniseApiKey(
  ctx: Pick<Context, 'sql' | 'config' | 'parts'>,
  key: string,
  address: string,
): Promise<Actor> {
  const fingerprint = keyFingerprint(key);
  const known = ctx.parts.knownKeys.get(fingerprint) ?? (await stored(ctx, key, fingerprint));
  if (!known)
    return fail(
      'UNAUTHENTICATED',
      'This API key is unknown or revoked. Make one on the settings page.',
    );
  if (known.isExpired)
    return fail('UNAUTHENTICATED', 'This API key has expired. Make another on the settings page.');
  return known.actor(ctx.config, address);
}

const termsOf = (row: KeyRow, address: string): KeyTerms => ({
  scopes: new Set(row.scopes),
  expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
  costMax: row.cost_max,
  addressClass: addressClass(address),
});

async function stored(
  ctx: Pick<Context, 'sql' | 'config' | 'parts'>,
  key: string,
  fingerprint: string,
): Promise<KnownKey | null> {
  const { changes } = ctx.parts.knownKeys;
  const { apiKeys, previousApiKeys } = ctx.config.secrets;
  const digests = [apiKeys, ...previousApiKeys].map((secret) => keyDigest(key, secret));
  const { rows } = await sql<KeyRow>`
    select k.id as api_key_id, k.scopes, k.cost_max,
      (extract(epoch from k.expires_at) * 1000)::float8 as expires_at,
      (extract(epoch from k.expires_at - now()) * 1000)::float8 as left_ms, ${ACCOUNT_COLUMNS}
    from api_key k join account a on a.id = k.account_id
    where k.hash = any(${digests}) and k.revoked_at is null`.execute(ctx.sql);
  const [row] = rows;
  return row ? ctx.parts.knownKeys.set(fingerprint, row, changes) : null;
}
