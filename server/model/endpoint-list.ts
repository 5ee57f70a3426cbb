import type { EndpointConfig } from '../config/config.ts';
import { administrator, type Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import type { Endpoint } from './endpoint.ts';
import type { Health } from './health.ts';

/** An endpoint as administrators see it, at the replica that answers. */
export interface EndpointView {
  readonly id: string;
  readonly host: string;
  readonly upstreamModel: string;
  /** Names of the models that it answers for. */
  readonly models: readonly string[];
  readonly health: Health;
  readonly healthSince: Date;
  readonly checkedAt: Date | null;
  readonly latencyMs: number | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
  readonly inFlight: number;
  readonly concurrencyMax: number | null;
  readonly withdrawnAt: Date | null;
  readonly withdrawalReason: string | null;
}

type Catalogued = Pick<Context, 'actor' | 'config' | 'parts'>;

/** The endpoints of all models that are not disabled, in the order of the configuration. @throws Failure FORBIDDEN */
export function endpointList(ctx: Catalogued): readonly EndpointView[] {
  administrator(ctx);
  const views = new Map<string, EndpointView>();
  for (const model of ctx.config.models.values()) {
    const configs = new Map(model.endpoints.map((config) => [config.id, config]));
    for (const endpoint of ctx.parts.catalogue.endpointsOf(model)) {
      const config = configs.get(endpoint.id);
      if (!config) continue;
      const known = views.get(endpoint.id);
      const models = [...(known?.models ?? []), model.name];
      views.set(endpoint.id, known ? { ...known, models } : viewOf(config, endpoint, models));
    }
  }
  return [...views.values()];
}

/** Those of one model; null for everybody but administrators. */
export const endpointsOfModel = (ctx: Catalogued, model: string): readonly EndpointView[] | null =>
  ctx.actor?.isAdmin ? endpointList(ctx).filter(({ models }) => models.includes(model)) : null;

/** @throws Failure FORBIDDEN, NOT_FOUND when the configuration names no such endpoint */
export function endpointView(ctx: Catalogued, id: string): EndpointView {
  return (
    endpointList(ctx).find((view) => view.id === id) ??
    fail('NOT_FOUND', 'There is no such endpoint.', { param: 'id' })
  );
}

function viewOf(
  { id, host, model, concurrencyMax }: EndpointConfig,
  { health, healthSince, checkedAt, latencyMs, lastError, inFlight, withdrawal }: Endpoint,
  models: readonly string[],
): EndpointView {
  return {
    id,
    host,
    upstreamModel: model,
    models,
    health,
    healthSince,
    checkedAt,
    latencyMs,
    lastError: lastError?.message ?? null,
    lastErrorAt: lastError?.at ?? null,
    inFlight,
    concurrencyMax,
    withdrawnAt: withdrawal?.at ?? null,
    withdrawalReason: withdrawal?.reason ?? null,
  };
}
