// Why some of several models do not answer.
import type { Failure } from '#lib/graphql/failure.ts';

export interface Refusal {
  readonly model: string;
  readonly failure: Failure;
}

const OF_MODELS: ReadonlySet<Failure['code']> = new Set<Failure['code']>([
  'ACKNOWLEDGEMENT_NEEDED',
  'FORBIDDEN',
  'INVALID',
  'MODEL_UNAVAILABLE',
  'NOT_FOUND',
]);

/** Whether another model may take what one has refused. */
export const isOfModel = ({ code }: Failure): boolean => OF_MODELS.has(code);

/** One failure for all: that which they have in common, else what each model says. `asked` are those that were to answer. */
export function whyRefused(
  refusals: readonly Refusal[],
  asked: readonly string[],
): Failure | undefined {
  const [first] = refusals;
  if (!first) return undefined;
  const messages = new Set(refusals.map(({ failure }) => failure.message));
  if (messages.size === 1 && refusals.length === asked.length) return first.failure;
  const message = refusals.map(({ model, failure }) => `${model}: ${failure.message}`).join(' ');
  return { ...first.failure, message };
}
