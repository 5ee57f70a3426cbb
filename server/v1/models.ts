import type { ServerResponse } from 'node:http';
import { isUsable, type ModelView, visibleModel, visibleModels } from '../access/visible-models.ts';
import { poolPolicy } from '../budget/pool-policy.ts';
import type { ActorContext } from '../context.ts';
import { formatPrice } from '../kernel/coins.ts';
import { fail } from '../kernel/failure.ts';
import { sendJson } from './errors.ts';

const STARTED_AT = Math.floor(Date.now() / 1000);

export function listModels(ctx: ActorContext, response: ServerResponse): void {
  const models = poolPolicy(ctx.config, ctx.actor)
    ? visibleModels(ctx).filter((model) => isUsable(ctx.config, model.effectiveAccess, 'api'))
    : [];
  sendJson(response, 200, JSON.stringify({ object: 'list', data: models.map(wireModel) }));
}

/** @throws Failure NOT_FOUND also for a model that the account may not use */
export function oneModel(ctx: ActorContext, response: ServerResponse, name: string): void {
  const model = poolPolicy(ctx.config, ctx.actor) ? visibleModel(ctx, name) : null;
  if (!model || !isUsable(ctx.config, model.effectiveAccess, 'api'))
    fail('NOT_FOUND', `There is no model "${name.slice(0, 128)}".`, {
      reason: 'model_not_found',
      param: 'model',
    });
  else sendJson(response, 200, JSON.stringify(wireModel(model)));
}

function wireModel(model: ModelView): object {
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
    ...known({
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

const known = (fields: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
