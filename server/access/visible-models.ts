import type { ModelConfig } from '../config/config.ts';
import type { ActorContext, Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import type { ModelStatus } from '../model/catalogue.ts';
import { effectiveAccess, type ModelAccess } from './effective-access.ts';

/** A model as one account sees it. */
export interface ModelView extends ModelConfig {
  readonly status: ModelStatus;
  readonly effectiveAccess: ModelAccess;
  readonly healthyEndpoints: number;
}

/** The models that the actor may use, or could after acknowledging them, by name. */
export function visibleModels(ctx: Context): readonly ModelView[] {
  const actor = signedIn(ctx);
  return [...ctx.config.models.values()]
    .map((model) => viewOf({ ...ctx, actor }, model))
    .filter((view) => view.effectiveAccess !== 'BLOCKED')
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** One model, or null when the actor may not know of it. */
export function visibleModel(ctx: Context, name: string): ModelView | null {
  const actor = signedIn(ctx);
  const model = ctx.config.models.get(name);
  const view = model && viewOf({ ...ctx, actor }, model);
  return view && view.effectiveAccess !== 'BLOCKED' ? view : null;
}

/**
 * The model that the actor asked for.
 *
 * @throws Failure NOT_FOUND for an unknown or disabled model, FORBIDDEN for a blocked one, ACKNOWLEDGEMENT_NEEDED
 */
export function usableModel(
  ctx: Pick<ActorContext, 'config' | 'actor'>,
  name: string,
): ModelConfig {
  const model = ctx.config.models.get(name);
  if (!model || model.disabled)
    return fail('NOT_FOUND', `There is no model "${shown(name)}".`, {
      reason: 'model_not_found',
      param: 'model',
    });
  const access = effectiveAccess(ctx.config, ctx.actor, model);
  if (access === 'ALLOWED') return model;
  if (access === 'ACKNOWLEDGEMENT_NEEDED') {
    return fail(
      'ACKNOWLEDGEMENT_NEEDED',
      `Acknowledge the terms of "${model.name}" before you use it.`,
      { param: 'model' },
    );
  }
  return fail('FORBIDDEN', `You may not use the model "${model.name}". Ask an administrator.`, {
    reason: 'model_not_allowed',
    param: 'model',
  });
}

const shown = (name: string): string => name.slice(0, 128);

function viewOf(
  ctx: Pick<ActorContext, 'config' | 'actor' | 'parts'>,
  model: ModelConfig,
): ModelView {
  return {
    ...model,
    status: ctx.parts.catalogue.status(model),
    effectiveAccess: effectiveAccess(ctx.config, ctx.actor, model),
    healthyEndpoints: ctx.parts.catalogue.healthyCount(model),
  };
}
