import type { EntityManager } from '@mikro-orm/postgresql';
import type { Fact } from '../live/facts.ts';

/** Tells what has become true. */
export interface Publisher {
  publish(...facts: readonly Fact[]): void;
}

/**
 * Runs a piece of work in one transaction and publishes its facts once they are true. Begun by use-cases only; nothing
 * slow may be awaited inside. `tx` is all that exists inside, and its `em` and `sql` are both the transaction.
 */
export async function transact<
  C extends { readonly em: EntityManager; readonly live: Publisher },
  T,
>(ctx: C, work: (tx: C) => Promise<T>): Promise<T> {
  const pending: Fact[] = [];
  const live = Object.assign(Object.create(ctx.live), {
    publish: (...facts: Fact[]) => pending.push(...facts),
  });
  const result = await ctx.em.transactional((em) => work(inTransaction(ctx, em, live)), {
    clear: true,
  });
  ctx.live.publish(...pending);
  return result;
}

// A prototype chain instead of a spread: the context may have getters that must not run here.
function inTransaction<C extends object>(ctx: C, em: EntityManager, live: Publisher): C {
  return Object.create(ctx, {
    em: { value: em },
    sql: { get: () => em.getKysely() },
    live: { value: live },
  });
}
