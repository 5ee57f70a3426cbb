import { defineEntity, p } from '@mikro-orm/core';
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
    return !this.revokedAt && (!this.expiresAt || this.expiresAt.getTime() > Date.now());
  }
}
ApiKeySchema.setClass(ApiKey);
