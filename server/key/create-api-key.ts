import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { newId } from '../kernel/id.ts';
import { keyDigest, keyHint, newApiKey } from '../kernel/secret.ts';
import { ApiKey } from './api-key.entity.ts';

const NAME_CHARACTERS_MAX = 128;

export interface NewApiKey {
  readonly apiKey: ApiKey;
  /** The key itself: shown this once, stored nowhere. */
  readonly secret: string;
}

/** Makes a key for the account. The caller has checked that the actor may. */
export async function createApiKey(
  ctx: Pick<Context, 'em' | 'sql' | 'config' | 'live'>,
  accountId: string,
  name: string,
): Promise<NewApiKey> {
  const secret = newApiKey();
  const { rows } = await sql<object>`
    insert into api_key (id, account_id, name, hash, hint)
    values (${newId()}, ${accountId}, ${keyName(name)}, ${keyDigest(secret, ctx.config.secrets.apiKeys)}, ${keyHint(secret)})
    returning id, account_id, name, hint, created_at, revoked_at, last_used_at, requests, input_tokens, output_tokens, cost
  `.execute(ctx.sql);
  ctx.live.publish({ kind: 'keysChanged', account: accountId });
  return { apiKey: ctx.em.map(ApiKey, rows[0] ?? {}), secret };
}

/** A name as people may give it: one line, trimmed. @throws Failure INVALID, TOO_LARGE */
function keyName(text: string): string {
  const name = text.replace(/\p{Cc}+/gu, ' ').trim();
  if (name === '') fail('INVALID', 'Give the key a name.', { param: 'name' });
  if (name.length > NAME_CHARACTERS_MAX) {
    fail('TOO_LARGE', `A key's name has at most ${NAME_CHARACTERS_MAX} characters.`, {
      param: 'name',
    });
  }
  return name;
}
