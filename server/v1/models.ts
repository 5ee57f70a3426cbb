import { isUsable, type ModelView, visibleModel, visibleModels } from '../access/visible-models.ts';
import { poolPolicy } from '../budget/pool-policy.ts';
import type { ActorContext, Context } from '../context.ts';
import { formatPrice, formatPriceByTheHour } from '../kernel/coins.ts';
import { fail } from '../kernel/failure.ts';
import type { RecentCounts } from '../usage/recent-requests.ts';
import { type Reply, sendJson } from './errors.ts';

const STARTED_AT = Math.floor(Date.now() / 1000);

export async function listModels(ctx: ActorContext, reply: Reply): Promise<void> {
  const models = poolPolicy(ctx.config, ctx.actor)
    ? visibleModels(ctx).filter((model) => isUsable(ctx.config, model.effectiveAccess, 'api'))
    : [];
  await sendModels(ctx, reply, models);
}

/** @throws Failure NOT_FOUND also for a model that the account may not use */
export async function oneModel(ctx: ActorContext, reply: Reply, name: string): Promise<void> {
  const model = poolPolicy(ctx.config, ctx.actor) ? visibleModel(ctx, name) : null;
  if (!model || !isUsable(ctx.config, model.effectiveAccess, 'api')) noSuchModel(name);
  else await sendModel(ctx, reply, model);
}

export async function sendModels(
  { parts }: Pick<Context, 'parts'>,
  reply: Reply,
  models: readonly ModelView[],
): Promise<void> {
  const counts = await parts.recentRequests.counts();
  const data = models.map((model) => wireModel(model, counts.get(model.name)));
  sendJson(reply, 200, JSON.stringify({ object: 'list', data }));
}

export async function sendModel(
  { parts }: Pick<Context, 'parts'>,
  reply: Reply,
  model: ModelView,
): Promise<void> {
  const counts = await parts.recentRequests.counts();
  sendJson(reply, 200, JSON.stringify(wireModel(model, counts.get(model.name))));
}

export const noSuchModel = (name: string): never =>
  fail('NOT_FOUND', `There is no model "${name.slice(0, 128)}".`, {
    reason: 'model_not_found',
    param: 'model',
  });

function wireModel(model: ModelView, recent = NO_REQUESTS): object {
  return {
    id: model.name,
    object: 'model',
    created: STARTED_AT,
    owned_by: 'lumen',
    root: model.endpoints[0]?.model ?? model.name,
    parent: null,
    max_model_len: model.contextWindow,
    status: model.status.toLowerCase(),
    input_cost_per_million: Number(formatPrice(model.prices.input)),
    output_cost_per_million: Number(formatPrice(model.prices.output)),
    instances: { configured: model.endpoints.length, healthy: model.healthyEndpoints },
    requests: {
      last_minute: recent.lastMinute,
      last_hour: recent.lastHour,
      last_day: recent.lastDay,
    },
    ...known({
      audio_cost_per_hour: hourly(model.prices),
      description: model.description,
      max_output_tokens: model.maxOutputTokens,
      supports_function_calling: model.supportsFunctionCalling,
      supports_reasoning: model.supportsReasoning,
      knowledge_cutoff: model.knowledgeCutoff,
      input_modalities: model.inputModalities,
      output_modalities: model.outputModalities,
    }),
  };
}

const hourly = ({ audio }: ModelView['prices']): number | null =>
  audio === null ? null : Number(formatPriceByTheHour(audio));

const NO_REQUESTS: RecentCounts = { lastMinute: 0, lastHour: 0, lastDay: 0 };

const known = (fields: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
