import type { ModelEntryFragment, ModelStatus } from '#lib/graphql/generated.ts';

export type ModelEntry = ModelEntryFragment;

export const statusBadges = () =>
  ({
    OK: { tone: 'good', text: 'OK' },
    DEGRADED: { tone: 'warning', text: 'Degraded' },
    DOWN: { tone: 'bad', text: 'Down' },
    DISABLED: { tone: 'plain', text: 'Switched off' },
  }) as const satisfies Record<ModelStatus, unknown>;

export const COLUMNS = ['name', 'input', 'output', 'context', 'status'] as const;
export type Column = (typeof COLUMNS)[number];

const kindTexts = (): Readonly<Record<string, string>> => ({
  image: /* @wc-include */ 'image',
  audio: /* @wc-include */ 'audio',
  video: /* @wc-include */ 'video',
  file: /* @wc-include */ 'file',
});

/** What a model is good for, beside text. */
export function capabilitiesOf(model: ModelEntry): string[] {
  const kinds = kindTexts();
  const reads = (model.inputModalities ?? []).filter((kind) => kind !== 'text');
  const writes = (model.outputModalities ?? []).filter((kind) => kind !== 'text');
  return [
    ...(model.supportsReasoning ? [/* @wc-include */ 'reasoning'] : []),
    ...(model.supportsFunctionCalling ? [/* @wc-include */ 'tools'] : []),
    ...reads.map((kind) => `reads ${kinds[kind] ?? kind}`),
    ...writes.map((kind) => `writes ${kinds[kind] ?? kind}`),
  ];
}

const severity = { OK: 0, DEGRADED: 1, DOWN: 2, DISABLED: 3 } as const;

const comparisons: Readonly<Record<Column, (a: ModelEntry, b: ModelEntry) => number>> = {
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
  input: (a, b) => Number(a.inputCostPerMillion) - Number(b.inputCostPerMillion),
  output: (a, b) => Number(a.outputCostPerMillion) - Number(b.outputCostPerMillion),
  context: (a, b) => (a.contextWindow ?? 0) - (b.contextWindow ?? 0),
  status: (a, b) => severity[a.status] - severity[b.status],
};

export interface Wish {
  readonly words: string;
  readonly capability: string;
  readonly by: Column;
  readonly descending: boolean;
}

/** The models that a reader looks for, in their order; equal ones by name. */
export function arranged(models: readonly ModelEntry[], wish: Wish): ModelEntry[] {
  const words = wish.words.trim().toLowerCase();
  const sign = wish.descending ? -1 : 1;
  return models
    .filter((model) => `${model.name} ${model.description ?? ''}`.toLowerCase().includes(words))
    .filter((model) => !wish.capability || capabilitiesOf(model).includes(wish.capability))
    .sort((a, b) => sign * comparisons[wish.by](a, b) || comparisons.name(a, b));
}

/** Names may contain slashes, which stay: the address reads like the name. */
export const pathOf = (name: string): string =>
  `/models/${name.split('/').map(encodeURIComponent).join('/')}`;
