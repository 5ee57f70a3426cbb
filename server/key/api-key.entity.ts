import { defineEntity, p } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { KeyTerms, Scope } from '../context.ts';
import type { Coins } from '../kernel/coins.ts';

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    name: p.string(),
    hash: p.blob().hidden().lazy(),
    hint: p.string(),
    createdAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
    lastAddressClass: p.string().$type<KeyTerms['addressClass']>().nullable(),
    expiresAt: p.datetime().nullable(),
    /** By the clock of the database; read with `API_KEY_COLUMNS` only. */
    isExpired: p.boolean().nullable().persist(false),
    scopes: p.array().$type<Scope[]>(),
    costMax: p.bigint().$type<Coins>().nullable(),
    requests: p.bigint('number'),
    inputTokens: p.bigint('number'),
    outputTokens: p.bigint('number'),
    cost: p.bigint().$type<Coins>(),
  },
});

/** An API key of an account; the key itself is known to its owner only. */
export class ApiKey extends ApiKeySchema.class {
  get isActive(): boolean {
    return !this.revokedAt && !this.isExpired;
  }
}
ApiKeySchema.setClass(ApiKey);

/** All of a key but its hash, as hand-written statements return it. */
export const API_KEY_COLUMNS = sql.raw(
  `id, account_id, name, hint, created_at, revoked_at, last_used_at, last_address_class, expires_at, scopes, cost_max,
    requests, input_tokens, output_tokens, cost, expires_at <= now() as is_expired`,
);
