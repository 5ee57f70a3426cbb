// The oldest budgets: one row of tokens for all models (`default:`) or for one model, where the row also was the access.
import type { Draft } from './draft.ts';
import { amountsOf, type Cap } from './legacy-caps.ts';
import type { Path } from './problem.ts';
import { isMapping } from './yaml-file.ts';

const AMOUNTS = ['max', 'refresh', 'starting'];
const POOL = [...AMOUNTS, 'unit'];
const DEFER = -1;
const UNLIMITED = -2;

/**
 * Rewrites the budgets of one scope: `default:`, rows named after models, `models:` as a block of rows, and `pool:`.
 * Gives the caps of single models, which take more than one scope to rewrite.
 */
export function rewriteBudgets(draft: Draft, scope: Path): Cap[] {
  const block = draft.at(scope);
  if (!isMapping(block)) return [];
  rewritePool(draft, scope);
  rewriteDefaultRow(draft, scope, [...scope, 'default']);
  const rows = Object.entries(block).filter(
    ([key, value]) => isRow(value) && modelNames(draft).includes(key),
  );
  const caps = rows.flatMap(([key]) => rewriteModelRow(draft, scope, [...scope, key], key));
  return [...caps, ...rewriteModelBlock(draft, scope)];
}

const isRow = (value: unknown): value is Record<string, unknown> =>
  isMapping(value) && AMOUNTS.some((key) => key in value);

function rewritePool(draft: Draft, scope: Path): void {
  const from = [...scope, 'pool'];
  if (!isMapping(draft.at(from))) return;
  draft.notice(`${scope[0]}.<name>.pool.max`, `${scope[0]}.<name>.max`, from);
  moveAmounts(draft, from, scope, 'coins');
}

/** A row of tokens stays one of tokens: a million of them must not become a million coins. */
function rewriteDefaultRow(draft: Draft, scope: Path, from: Path): void {
  const row = draft.at(from);
  if (!isRow(row)) return;
  draft.notice(
    `${scope[0]}.<name>.default.max`,
    `${scope[0]}.<name>.max with unit: tokens, and model_access.default`,
    from,
  );
  const max = Number(row.max);
  if (max === DEFER) {
    draft.remove(from);
    return;
  }
  const opens = max === UNLIMITED || max > 0;
  const access = [...scope, 'model_access', 'default'];
  if (opens && !draft.has(access)) draft.set(access, 'allowed', from);
  moveAmounts(draft, from, scope, 'tokens');
}

function moveAmounts(draft: Draft, from: Path, scope: Path, unit: string): void {
  if (AMOUNTS.some((key) => draft.has([...scope, key]))) {
    draft.conflict(from, `a second budget beside ${AMOUNTS.join(', ')} of the same block`);
  }
  if (!draft.has([...from, 'unit'])) draft.set([...from, 'unit'], unit, from);
  for (const key of POOL) draft.move([...from, key], [...scope, key]);
  draft.remove(from);
}

function rewriteModelRow(draft: Draft, scope: Path, from: Path, model: string): Cap[] {
  const row = draft.at(from);
  if (!isRow(row)) return [];
  draft.remove(from);
  const max = Number(row.max);
  if (max === DEFER) return [];
  if (max > 0) return [{ scope, model, from, amounts: amountsOf(row) }];
  const verdict = max === UNLIMITED ? 'allowed' : 'blocked';
  draft.notice(
    `${scope[0]}.<name>.<model>.max`,
    `${scope[0]}.<name>.model_access.${verdict}`,
    from,
  );
  draft.append([...scope, 'model_access', verdict], model, from);
  return [];
}

function rewriteModelBlock(draft: Draft, scope: Path): Cap[] {
  const from = [...scope, 'models'];
  if (!isMapping(draft.at(from))) return [];
  rewriteDefaultRow(draft, scope, [...from, 'default']);
  const caps = draft
    .keys(from)
    .flatMap((model) => rewriteModelRow(draft, scope, [...from, model], model));
  if (draft.keys(from).length === 0) draft.remove(from);
  return caps;
}

/** The model's name at each position of the list; undefined for one without a name. */
export function modelNames(draft: Draft): (string | undefined)[] {
  const models = draft.at(['models']);
  if (!Array.isArray(models)) return [];
  return models.map((model: unknown) =>
    isMapping(model) && model.name !== undefined ? String(model.name).trim() : undefined,
  );
}
