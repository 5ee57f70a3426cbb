import type { ModelChoiceFragment } from '#lib/graphql/generated.ts';

/** Why the viewer can't use a model now, whatever they accept; undefined when they can. */
export function obstacle(model: ModelChoiceFragment): string | undefined {
  if (model.access === 'BLOCKED') return 'Not open to you';
  if (model.status === 'DOWN') return 'Down at the moment';
  if (model.status === 'DISABLED') return 'Switched off';
  return undefined;
}

/** Whether the viewer must accept something before the model answers them. */
export const needsAcknowledgement = (model: ModelChoiceFragment): boolean =>
  model.access === 'ACKNOWLEDGEMENT_NEEDED';

/** The first of the wished-for names that can be used, else the first model that asks for nothing, else any. */
export function pick(
  models: readonly ModelChoiceFragment[],
  wishes: readonly (string | undefined)[],
): ModelChoiceFragment | undefined {
  const usable = models.filter((model) => obstacle(model) === undefined);
  for (const wish of wishes) {
    const found = usable.find((model) => model.name === wish);
    if (found) return found;
  }
  return usable.find((model) => !needsAcknowledgement(model)) ?? usable[0];
}
