import type { Config, ModelConfig } from '../config/config.ts';
import type { Context, Subject } from '../context.ts';
import { signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import type { ModelStatus } from '../model/catalogue.ts';
import { accessDecider, effectiveAccess, type ModelAccess } from './effective-access.ts';

/** A model as one account sees it. */
export interface ModelView extends ModelConfig {
  readonly status: ModelStatus;
  readonly effectiveAccess: ModelAccess;
  /** The text to accept before the model is used; null when none is needed. Not the model's own, but what holds. */
  readonly acknowledgement: string | null;
  readonly isAcknowledged: boolean;
  /** When the account acknowledged it. */
  readonly acknowledgedAt: Date | null;
  readonly lastCheckedAt: Date | null;
  readonly endpointCount: number;
  readonly healthyEndpoints: number;
}

/** The models that the actor may use, or could after acknowledging them, by name. */
export const visibleModels = (ctx: Context): readonly ModelView[] =>
  modelsVisibleTo(ctx, signedIn(ctx));

/** The models that an account may use, or could after acknowledging them, by name. */
export function modelsVisibleTo(
  ctx: Pick<Context, 'config' | 'parts'>,
  account: Subject,
): readonly ModelView[] {
  const decide = accessDecider(ctx.config, account);
  return [...ctx.config.models.values()]
    .map((model) => viewOf(ctx, account, model, decide(model).access))
    .filter((view) => view.effectiveAccess !== 'BLOCKED')
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** One model, or null when the actor may not know of it. */
export function visibleModel(ctx: Context, name: string): ModelView | null {
  const actor = signedIn(ctx);
  const model = ctx.config.models.get(name);
  const view = model && viewOf(ctx, actor, model);
  return view && view.effectiveAccess !== 'BLOCKED' ? view : null;
}

export type Door = 'chat' | 'api';

/** Whether what may be done with a model is enough at this door. */
export const isUsable = ({ api }: Pick<Config, 'api'>, access: ModelAccess, door: Door): boolean =>
  access === 'ALLOWED' || (access === 'ACKNOWLEDGEMENT_NEEDED' && door === 'api' && !api.consent);

/**
 * The model that the actor asked for; asked again while it answers, whenever the rules change.
 *
 * @param door that the request came through: `api.consent` may exempt /v1 from acknowledgements
 * @throws Failure NOT_FOUND for an unknown or disabled model, FORBIDDEN for a blocked one, ACKNOWLEDGEMENT_NEEDED
 */
export function usableModel(
  ctx: { readonly config: Config; readonly actor: Subject },
  name: string,
  door: Door,
): ModelConfig {
  const model = ctx.config.models.get(name);
  if (!model || model.disabled)
    return fail('NOT_FOUND', `There is no model "${shown(name)}".`, {
      reason: 'model_not_found',
      param: 'model',
    });
  const access = effectiveAccess(ctx.config, ctx.actor, model);
  if (isUsable(ctx.config, access, door)) return model;
  if (access === 'ACKNOWLEDGEMENT_NEEDED') {
    return fail(
      'ACKNOWLEDGEMENT_NEEDED',
      `Acknowledge the terms of "${model.name}" before you use it.`,
      { param: 'model', page: pageToAccept(ctx.actor, model) },
    );
  }
  return fail('FORBIDDEN', `You may not use the model "${model.name}". Ask an administrator.`, {
    reason: 'model_not_allowed',
    param: 'model',
  });
}

/** Where its people accept the terms: those of a project on the page of the project. */
const pageToAccept = ({ slug }: Subject, { name }: ModelConfig): string =>
  slug ? `/projects/${slug}` : `/models/${name.split('/').map(encodeURIComponent).join('/')}`;

/** What must be accepted before the model is used; null when nothing must, empty when nobody wrote a text. */
export const acknowledgementOf = ({ defaults }: Config, model: ModelConfig): string | null =>
  model.needsAcknowledgement ? (model.acknowledgement ?? defaults.acknowledgement ?? '') : null;

const shown = (name: string): string => name.slice(0, 128);

/** A model with all that depends on the account that looks at it. */
export function viewOf(
  ctx: Pick<Context, 'config' | 'parts'>,
  account: Subject,
  model: ModelConfig,
  access = effectiveAccess(ctx.config, account, model),
): ModelView {
  const at = account.acknowledged.get(model.name);
  return {
    ...model,
    acknowledgement: acknowledgementOf(ctx.config, model),
    isAcknowledged: at !== undefined,
    acknowledgedAt: at === undefined ? null : new Date(at),
    status: ctx.parts.catalogue.status(model),
    effectiveAccess: access,
    lastCheckedAt: ctx.parts.catalogue.checkedAt(model),
    endpointCount: model.endpoints.length,
    healthyEndpoints: ctx.parts.catalogue.healthyCount(model),
  };
}
