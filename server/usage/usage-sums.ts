/** What is summed of requests, wherever it is summed: in slices, in rollups and in what is asked of them. */
import { sql } from 'kysely';
import type { Coins } from '../kernel/coins.ts';

export interface UsageSums {
  readonly requests: number;
  /** Requests that failed; they are among `requests`. */
  readonly errors: number;
  readonly inputTokens: number;
  /** Among `inputTokens`. */
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Among `outputTokens`. */
  readonly reasoningTokens: number;
  readonly audioSeconds: number;
  readonly cost: Coins;
}

const COLUMNS = {
  requests: 'requests',
  errors: 'errors',
  inputTokens: 'input_tokens',
  cachedInputTokens: 'cached_input_tokens',
  outputTokens: 'output_tokens',
  reasoningTokens: 'reasoning_tokens',
  audioSeconds: 'audio_seconds',
  cost: 'cost',
} as const satisfies Record<keyof UsageSums, string>;

const names = Object.values(COLUMNS);

/** Stands for no key, and for everybody's account: parts of primary keys can't be null. */
export const NIL = sql.raw(`'00000000-0000-0000-0000-000000000000'::uuid`);

export const SUM_COLUMNS = sql.raw(names.join(', '));

/** The columns added up, under their own names. */
export const SUMS = sql.raw(names.map((name) => `sum(${name}) as ${name}`).join(', '));

/** The columns added up, as `UsageSums`, each row times its `sign`; zeros when there are no rows. */
export const READABLE_SUMS = sql.raw(
  Object.entries(COLUMNS)
    .map(
      ([key, name]) =>
        `coalesce(sum(sign * ${name}), 0)::${key === 'cost' ? 'int8' : 'float8'} as "${key}"`,
    )
    .join(', '),
);

/** For `on conflict do update set`, of a table that the statement calls `kept`. */
export const ADD_EXCLUDED = sql.raw(
  names.map((name) => `${name} = kept.${name} + excluded.${name}`).join(', '),
);
