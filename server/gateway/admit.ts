import { usableModel } from '../access/visible-models.ts';
import { poolPolicy } from '../budget/pool-policy.ts';
import type { Reservation, Reserver } from '../budget/reserve.ts';
import type { ModelConfig } from '../config/config.ts';
import { fail } from '../kernel/failure.ts';
import type { Ask, GatewayContext } from './ask.ts';
import { choicesOf, hasLimit, limitOf, withLimit } from './estimate.ts';
import { type Measure, measureOf } from './measure.ts';

declare module '../context.ts' {
  interface Parts {
    readonly reserver: Reserver;
  }
}

/** A request that may be sent: the coins for it are held. */
export interface Admission {
  readonly ask: Ask;
  readonly model: ModelConfig;
  readonly measure: Measure;
  readonly reservation: Reservation;
}

/**
 * Lets a request in: the account may use the model and its pool affords the answer. Gives the ask with the output limit
 * that was paid for.
 *
 * @throws Failure NOT_FOUND, FORBIDDEN, ACKNOWLEDGEMENT_NEEDED, BUDGET_SPENT
 */
export async function admit(ctx: GatewayContext, ask: Ask): Promise<Admission> {
  const model = usableModel(ctx, ask.model, ask.source);
  const policy = poolPolicy(ctx.config, ctx.actor);
  if (!policy)
    return fail('FORBIDDEN', 'You have no budget. Ask an administrator.', { reason: 'no_budget' });
  const measure = measureOf(ask, model, ctx.config.budgets);
  const { prices, inputTokens, outputTokens, choices, clamp } = measure;
  const reservation = await ctx.parts.reserver.reserve({
    requestId: ask.requestId,
    accountId: ctx.actor.accountId,
    apiKeyId: ctx.actor.apiKeyId,
    isKeyCapped: (ctx.actor.keyTerms?.costMax ?? null) !== null,
    hasMonthlyLimit: ctx.actor.hasMonthlyLimit,
    source: ask.source,
    model: model.name,
    policy,
    prices,
    isTimed: measure.seconds !== null,
    inputTokens,
    outputTokens,
    choices,
    clamp,
  });
  return { ask: limited(ask, reservation), model, measure, reservation };
}

/** What is paid for is bounded: a limit goes along unless there is nothing to pay or its own limit is as low. */
function limited(ask: Ask, reservation: Reservation): Ask {
  if (!hasLimit(ask.path)) return ask;
  const { outputTokens } = reservation;
  const each = outputTokens / choicesOf(ask.body);
  const stated = limitOf(ask.body);
  if (isFree(reservation) || outputTokens === 0 || (stated !== null && stated <= each)) return ask;
  return { ...ask, body: withLimit(ask.body, each, ask.path) };
}

/** Nothing is held: there is nothing to pay, or nothing to pay out of that could run dry. */
export const isFree = ({ amount, keyAmount, monthlyAmount }: Reservation): boolean =>
  amount === 0n && keyAmount === 0n && monthlyAmount === 0n;
