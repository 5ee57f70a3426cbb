import type { ModelChoiceFragment } from '#lib/graphql/generated.ts';

/** Why the viewer can't use a model now; undefined when they can. */
export function obstacle(model: ModelChoiceFragment): string | undefined {
  if (model.access === 'BLOCKED') return 'Not open to you';
  if (model.access === 'ACKNOWLEDGEMENT_NEEDED') return 'Needs your consent first';
  if (model.status === 'DOWN') return 'Down at the moment';
  if (model.status === 'DISABLED') return 'Switched off';
  return undefined;
}

/** The first of the wished-for names that can be used, else the first usable model. */
export function pick(
  models: readonly ModelChoiceFragment[],
  wishes: readonly (string | undefined)[],
): ModelChoiceFragment | undefined {
  const usable = models.filter((model) => obstacle(model) === undefined);
  for (const wish of wishes) {
    const found = usable.find((model) => model.name === wish);
    if (found) return found;
  }
  return usable[0];
}
