// The oldest files could cap a single model: `groups: { staff: { gpt-4o: { max: 1000 } } }`, with a balance of its own.
import type { Draft } from './draft.ts';
import type { Path } from './problem.ts';

const AMOUNTS = ['max', 'refresh', 'starting'] as const;

/** A positive amount of tokens that one scope had for one model. */
export interface Cap {
  readonly scope: Path;
  readonly model: string;
  readonly from: Path;
  readonly amounts: Amounts;
}

type Amounts = Readonly<Record<(typeof AMOUNTS)[number], number>>;
type Row = Readonly<Record<string, unknown>>;

/** One pool serves all models today: caps allow their models, and are the pool where nothing else grants one. */
export function rewriteCaps(draft: Draft, scopes: readonly Path[], caps: readonly Cap[]): void {
  for (const { scope, model, from } of caps) {
    const modern = `${scope[0]}.<name>.model_access.allowed`;
    const loss = 'a model has no cap of its own any more, the pool limits it';
    draft.notice(`${scope[0]}.<name>.<model>.max`, `${modern}; ${loss}`, from);
    draft.append([...scope, 'model_access', 'allowed'], model, from);
  }
  for (const scope of scopes)
    openPool(
      draft,
      scope,
      caps.filter((cap) => cap.scope === scope),
    );
}

/** A block that had amounts for single models only gets a pool as small as the smallest, and opens no other model. */
function openPool(draft: Draft, scope: Path, [first, ...more]: readonly Cap[]): void {
  const isGranting = draft.has([...scope, 'max']) && Number(draft.at([...scope, 'max'])) !== 0;
  if (!first || isGranting) return;
  const fallback = [...scope, 'model_access', 'default'];
  if (!draft.has(fallback)) draft.set(fallback, 'blocked', first.from);
  draft.set([...scope, 'unit'], 'tokens', first.from);
  for (const key of AMOUNTS) {
    const amounts = [first, ...more].map((cap) => cap.amounts[key]);
    draft.set([...scope, key], Math.min(...amounts), first.from);
  }
}

/** What a row of tokens leaves out: no refill, and the whole of it at the start. */
export function amountsOf(row: Row): Amounts {
  const max = Number(row.max);
  const { refresh = 0, starting = max } = row;
  return { max, refresh: Number(refresh), starting: Number(starting) };
}
