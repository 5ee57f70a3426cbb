import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { type Cohort, cohortOf } from './cohort.ts';
import { type ScopeWish, type UsageScope, usageScope } from './usage-scope.ts';
import { type UsageWindow, usageWindow, type WindowWish } from './usage-window.ts';

/** What is asked: all that is given must hold. */
export interface UsageFilter extends ScopeWish, WindowWish {
  readonly model?: string | null;
  readonly source?: 'chat' | 'api' | null;
}

/** A question that the asker may ask; each of its figures is read when it is asked for. */
export interface UsageReport extends UsageWindow {
  readonly scope: UsageScope;
  /** Sums of the group that is asked for, if there are any. */
  readonly cohort: Cohort | null;
  readonly model: string | null;
  readonly source: 'chat' | 'api' | null;
  readonly keyId: string | null;
}

/** @throws Failure UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, INVALID */
export async function usageReport(
  ctx: Pick<Context, 'actor' | 'config' | 'sql'>,
  filter: UsageFilter,
): Promise<UsageReport> {
  if (filter.model?.includes('\u0000') || filter.model === '')
    fail('INVALID', 'No model has this name.', { param: 'model' });
  const scope = await usageScope(ctx, filter);
  const window = await usageWindow(ctx, scope, filter);
  return {
    ...window,
    scope,
    cohort: await cohortOf(ctx, scope, window.rolledUntil),
    model: filter.model ?? null,
    source: filter.source ?? null,
    keyId: filter.key ?? null,
  };
}
