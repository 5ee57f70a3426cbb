/** What people of a list have; those that are asked for together are read together. */
import { subjectsWith } from '../account/subjects.ts';
import { type AccountLimit, ownLimit } from '../budget/pool-policy.ts';
import { type PoolView, readPool } from '../budget/read-pool.ts';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';

export async function poolOfPerson(ctx: Context, accountId: string): Promise<PoolView | null> {
  const subject = await batched(ctx, subjectsWith, accountId);
  return subject && readPool(ctx, { accountId, ...subject });
}

export async function limitOfPerson(ctx: Context, accountId: string): Promise<AccountLimit | null> {
  const subject = await batched(ctx, subjectsWith, accountId);
  return subject && ownLimit(ctx.config, subject);
}
