import { usableModel } from '../access/visible-models.ts';
import { poolPolicy } from '../budget/pool-policy.ts';
import type { Reservation, Reserver } from '../budget/reserve.ts';
import type { ModelConfig } from '../config/config.ts';
import { fail } from '../kernel/failure.ts';
import type { Ask, GatewayContext } from './ask.ts';
import {
  choicesOf,
  estimatedInputTokens,
  limitOf,
  outputTokensWanted,
  withLimit,
} from './estimate.ts';

declare module '../context.ts' {
  interface Parts {
    readonly reserver: Reserver;
  }
}

/** A request that may be sent: the coins for it are held. */
export interface Admission {
  readonly ask: Ask;
  readonly model: ModelConfig;
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
  const { clampOutput, outputTokens: assumed } = ctx.config.budgets;
  const reservation = await ctx.parts.reserver.reserve({
    requestId: ask.requestId,
    accountId: ctx.actor.accountId,
    apiKeyId: ctx.actor.apiKeyId,
    isKeyCapped: (ctx.actor.keyTerms?.costMax ?? null) !== null,
    source: ask.source,
    model: model.name,
    policy,
    prices: model.prices,
    inputTokens: estimatedInputTokens(ask.body),
    outputTokens: outputTokensWanted(ask, model, assumed),
    choices: choicesOf(ask.body),
    clamp: clampOutput,
  });
  return { ask: limited(ask, reservation), model, reservation };
}

/** What is paid for is bounded: a limit goes along unless there is nothing to pay or its own limit is as low. */
function limited(ask: Ask, { amount, keyAmount, outputTokens }: Reservation): Ask {
  const each = outputTokens / choicesOf(ask.body);
  const stated = limitOf(ask.body);
  const isFree = amount === 0n && keyAmount === 0n;
  if (isFree || outputTokens === 0 || (stated !== null && stated <= each)) return ask;
  return { ...ask, body: withLimit(ask.body, each) };
}
