import { sql } from 'kysely';
import { recordAudit } from '../audit/record-audit.ts';
import type { Actor, Context, Scope } from '../context.ts';
import { transact } from '../db/transact.ts';
import { type Coins, coins } from '../kernel/coins.ts';
import { fail } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';
import { withoutControls } from '../kernel/one-line.ts';
import { keyDigest, keyHint, newApiKey } from '../kernel/secret.ts';
import { API_KEY_COLUMNS, ApiKey } from './api-key.entity.ts';
import { ALL_SCOPES } from './scopes.ts';

const NAME_CHARACTERS_MAX = 128;
/** Of a key that its owner calls nothing. */
const NO_NAME = 'Unnamed Key';

/** What its owner wants of a key. What is left out is not limited. */
export interface ApiKeyWish {
  readonly name?: string | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly scopes?: readonly Scope[] | null | undefined;
  /** Coins, as a decimal number. */
  readonly costMax?: string | number | null | undefined;
}

export interface NewApiKey {
  readonly apiKey: ApiKey;
  /** The key itself: shown this once, stored nowhere. */
  readonly secret: string;
}

/**
 * Makes a key for the account. The caller has checked that the actor may use the account.
 *
 * @throws Failure INVALID, TOO_LARGE, FORBIDDEN when the actor came with a key that is limited itself
 */
export async function createApiKey(
  ctx: Pick<Context, 'em' | 'sql' | 'config' | 'live' | 'actor'>,
  accountId: string,
  wish: ApiKeyWish,
): Promise<NewApiKey> {
  mustBeUnlimited(ctx.actor);
  const { expiresAt, scopes, costMax } = termsOf(wish);
  const [id, name, secret] = [newId(), keyName(wish.name ?? ''), newApiKey()];
  const hash = keyDigest(secret, ctx.config.secrets.apiKeys);
  const apiKey = await transact(ctx, async (tx) => {
    const { rows } = await sql<object>`
      insert into api_key (id, account_id, name, hash, hint, expires_at, scopes, cost_max)
      select ${id}, ${accountId}, ${name}, ${hash}, ${keyHint(secret)}, wish.*, ${scopes}::text[], ${costMax}
      from (select ${expiresAt}::timestamptz as expires_at) wish
      where expires_at is null or expires_at > now()
      returning ${API_KEY_COLUMNS}`.execute(tx.sql);
    const row =
      rows[0] ?? fail('INVALID', 'The key would have expired already.', { param: 'expiresAt' });
    await recordAudit(tx, {
      action: 'key.created',
      subjectKind: 'key',
      subject: id,
      after: { account: accountId, name, expiresAt, scopes, costMax: wish.costMax ?? null },
    });
    tx.live.publish({ kind: 'keysChanged', account: accountId });
    return ctx.em.map(ApiKey, row);
  });
  return { apiKey, secret };
}

/** Else a key could be given more than it has. */
function mustBeUnlimited(actor: Actor | null): void {
  const { keyTerms } = actor ?? {};
  if (!keyTerms) return;
  const { scopes, expiresAt, costMax } = keyTerms;
  if (expiresAt === null && costMax === null && ALL_SCOPES.every((scope) => scopes.has(scope)))
    return;
  fail('FORBIDDEN', 'With an API key that is limited itself, no keys can be made.', {
    reason: 'key_limited',
  });
}

/** @throws Failure INVALID */
function termsOf({ expiresAt = null, scopes, costMax }: ApiKeyWish) {
  if (scopes?.length === 0)
    fail('INVALID', 'A key without scopes opens nothing: name at least one.', { param: 'scopes' });
  return {
    expiresAt,
    scopes: [...new Set(scopes ?? ALL_SCOPES)],
    costMax: costMax === null || costMax === undefined ? null : cap(costMax),
  };
}

function cap(amount: string | number): Coins {
  const text = String(amount);
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(text))
    fail('INVALID', 'Write coins as a number such as 12.5, with at most six decimal places.', {
      param: 'costMax',
    });
  return coins(text);
}

/** A name as people may give it: one line, trimmed. @throws Failure TOO_LARGE */
function keyName(text: string): string {
  const name = withoutControls(text) || NO_NAME;
  if (name.length > NAME_CHARACTERS_MAX) {
    fail('TOO_LARGE', `A key's name has at most ${NAME_CHARACTERS_MAX} characters.`, {
      param: 'name',
    });
  }
  return name;
}
