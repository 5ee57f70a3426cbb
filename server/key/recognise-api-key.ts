/** From the key that a caller sent to the account that owns it. */
import { sql } from 'kysely';
import { ACCOUNT_COLUMNS, type AccountRow, actorOf } from '../account/actor.ts';
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
  readonly cost_max: Coins | null;
}

const KNOWN_MAX = 10_000;
/** Bounds how long a change that no fact told (made by hand in the database) goes unseen. */
const KNOWN_MS = 10_000;

/** Keys seen lately, by their fingerprint; forgotten as soon as any key of their account changes. */
export class KnownKeys {
  readonly #rows = new Map<string, { readonly row: KeyRow; readonly until: number }>();
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

  get(fingerprint: string): KeyRow | null {
    const known = this.#rows.get(fingerprint);
    return known && known.until > performance.now() ? known.row : null;
  }

  /** @param changes as they were before the row was read: a key revoked since then must not come back */
  set(fingerprint: string, row: KeyRow, changes: number): void {
    if (changes !== this.#changes) return;
    if (this.#rows.size >= KNOWN_MAX) this.#rows.clear();
    this.#rows.set(fingerprint, { row, until: performance.now() + KNOWN_MS });
  }

  close(): void {
    this.#unlisten();
  }

  #forget(account: string | null): void {
    this.#changes += 1;
    for (const [fingerprint, { row }] of this.#rows)
      if (account === null || row.account_id === account) this.#rows.delete(fingerprint);
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
  const row = ctx.parts.knownKeys.get(fingerprint) ?? (await stored(ctx, key, fingerprint));
  if (!row)
    return fail(
      'UNAUTHENTICATED',
      'This API key is unknown or revoked. Make one on the settings page.',
    );
  if (row.expires_at !== null && row.expires_at <= Date.now())
    return fail('UNAUTHENTICATED', 'This API key has expired. Make another on the settings page.');
  return actorOf(row, ctx.config, { apiKeyId: row.api_key_id, keyTerms: termsOf(row, address) });
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
): Promise<KeyRow | null> {
  const { changes } = ctx.parts.knownKeys;
  const { apiKeys, previousApiKeys } = ctx.config.secrets;
  const digests = [apiKeys, ...previousApiKeys].map((secret) => keyDigest(key, secret));
  const { rows } = await sql<KeyRow>`
    select k.id as api_key_id, k.scopes, k.cost_max,
      (extract(epoch from k.expires_at) * 1000)::float8 as expires_at, ${ACCOUNT_COLUMNS}
    from api_key k join account a on a.id = k.account_id
    where k.hash = any(${digests}) and k.revoked_at is null`.execute(ctx.sql);
  const [row] = rows;
  if (!row) return null;
  ctx.parts.knownKeys.set(fingerprint, row, changes);
  return row;
}
