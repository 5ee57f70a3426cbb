import { sql } from 'kysely';
import type { KeyTerms } from '../context.ts';
import type { Columns, Row } from '../db/rows.ts';
import type { Coins } from '../kernel/coins.ts';
import type { FailureCode } from '../kernel/failure.ts';
import type { TokenUsage } from '../upstream/delta.ts';
import { ADD_EXCLUDED, NIL, SUM_COLUMNS } from './usage-sums.ts';

export type Outcome = 'finished' | 'stopped' | 'interrupted' | 'failed';

/** What is remembered of one request; never its text. */
export interface RequestRecord {
  readonly requestId: string;
  readonly accountId: string;
  readonly apiKeyId: string | null;
  /** Where the key was used from; null when that is not known any more. */
  readonly addressClass: KeyTerms['addressClass'] | null;
  readonly model: string;
  readonly endpointId: string | null;
  readonly source: 'chat' | 'api';
  readonly outcome: Outcome;
  readonly failureCode: FailureCode | null;
  readonly usage: TokenUsage;
  /** Length of the audio that the model heard; none when left out. */
  readonly audioSeconds?: number;
  /** The model server did not count the tokens; we did. */
  readonly isEstimated: boolean;
  readonly cost: Coins;
  readonly firstTokenMs: number | null;
  readonly durationMs: number;
}

export const RECORD = {
  api_key_id: 'uuid',
  address_class: 'text',
  model: 'text',
  endpoint_id: 'text',
  source: 'text',
  outcome: 'text',
  failure_code: 'text',
  input_tokens: 'int',
  cached_input_tokens: 'int',
  output_tokens: 'int',
  reasoning_tokens: 'int',
  is_estimated: 'boolean',
  cost: 'bigint',
  first_token_ms: 'int',
  duration_ms: 'int',
  audio_seconds: 'float8',
} as const satisfies Columns;

/** Whose request it was, and which, says the settlement. */
export const recordRow = (record: RequestRecord): Row<typeof RECORD> => ({
  api_key_id: record.apiKeyId,
  address_class: record.addressClass,
  model: record.model,
  endpoint_id: record.endpointId,
  source: record.source,
  outcome: record.outcome,
  failure_code: record.failureCode,
  input_tokens: record.usage.inputTokens,
  cached_input_tokens: record.usage.cachedInputTokens,
  output_tokens: record.usage.outputTokens,
  reasoning_tokens: record.usage.reasoningTokens,
  is_estimated: record.isEstimated,
  cost: record.cost.toString(),
  first_token_ms: record.firstTokenMs,
  duration_ms: record.durationMs,
  audio_seconds: record.audioSeconds ?? 0,
});

/**
 * The end of a statement: writes the log, its sums and the keys' counters of the requests in its CTE `closed`. A part of
 * the statement that settles, so that all agree.
 */
export function recording(records: readonly RequestRecord[]) {
  // The sums are ordered by their key: two processes that add to the same rows never wait for each other in a circle.
  return sql`
    logged as (
      insert into request_log (id, account_id, at, ${LOGGED}) select request_id, account_id, at, ${LOGGED} from closed
    ), counted as (
      update api_key k set requests = k.requests + s.requests, input_tokens = k.input_tokens + s.input_tokens,
        output_tokens = k.output_tokens + s.output_tokens, cost = k.cost + s.cost, last_used_at = s.at,
        last_address_class = coalesce(s.address_class, k.last_address_class)
      from (select api_key_id, count(*) as requests, sum(input_tokens) as input_tokens,
          sum(output_tokens) as output_tokens, sum(cost) as cost, max(at) as at, max(address_class) as address_class
        from closed group by 1) s
      where k.id = s.api_key_id
    ), summed as (
    insert into usage_hour as h (account_id, hour, model, source, requests, input_tokens, output_tokens, cost, last_at)
    select account_id, date_trunc('hour', at, 'UTC'), model, source, count(*), sum(input_tokens), sum(output_tokens),
      sum(cost), max(at)
    from closed group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (account_id, hour, model, source) do update set requests = h.requests + excluded.requests,
      input_tokens = h.input_tokens + excluded.input_tokens, output_tokens = h.output_tokens + excluded.output_tokens,
      cost = h.cost + excluded.cost, last_at = greatest(h.last_at, excluded.last_at)
    ), sliced as (
      insert into usage_slice as kept (account_id, at, model, source, api_key_id, ${SUM_COLUMNS})
      select account_id, ${QUARTER}, model, source, coalesce(api_key_id, ${NIL}), count(*),
        count(*) filter (where outcome = 'failed'), sum(input_tokens), sum(cached_input_tokens), sum(output_tokens),
        sum(reasoning_tokens), sum(audio_seconds), sum(cost)
      from closed group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
      on conflict (account_id, at, model, source, api_key_id) do update set ${ADD_EXCLUDED}
    )${records.some(({ outcome }) => outcome === 'failed') ? FAILED : sql``}`;
}

const QUARTER = sql`date_bin('15 minutes', at, 'epoch')`;

const { address_class: _ofTheKey, ...logged } = RECORD;
const LOGGED = sql.raw(Object.keys(logged).join(', '));

/** Left out where nothing failed: PostgreSQL takes time for each part of a statement, whether it finds rows or not. */
const FAILED = sql`, failed as (
  insert into endpoint_failure as kept
  select ${QUARTER}, model, coalesce(endpoint_id, ''), coalesce(failure_code, 'INTERNAL'), count(*)
  from closed where outcome = 'failed' group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (at, model, endpoint_id, failure_code) do update set failures = kept.failures + excluded.failures
)`;
