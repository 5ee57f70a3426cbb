import type { Context } from '../context.ts';
import { ApiKey } from './api-key.entity.ts';

/** The account's keys, revoked ones too, the newest first. */
export function apiKeyList(
  ctx: Pick<Context, 'em'>,
  accountId: string,
): Promise<readonly ApiKey[]> {
  return ctx.em.find(ApiKey, { accountId }, { orderBy: { createdAt: 'desc' }, limit: 500 });
}
