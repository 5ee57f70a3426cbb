import { sql } from 'kysely';
import type { KeyTerms } from '../context.ts';
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

/**
 * The end of a statement: writes the log, its sums and the keys' counters of the requests whose ids are in its CTE
 * `closed`. A part of the statement that settles, so that all agree.
 */
export function recording(records: readonly RequestRecord[]) {
  const u = records.map((record) => record.usage);
  // The sums are ordered by their key: two processes that add to the same rows never wait for each other in a circle.
  return sql`
    r as (
      select *, clock_timestamp() as at from unnest(
        ${records.map((r) => r.requestId)}::uuid[], ${records.map((r) => r.accountId)}::uuid[],
        ${records.map((r) => r.apiKeyId)}::uuid[], ${records.map((r) => r.addressClass)}::text[],
        ${records.map((r) => r.model)}::text[], ${records.map((r) => r.endpointId)}::text[],
        ${records.map((r) => r.source)}::text[], ${records.map((r) => r.outcome)}::text[],
        ${records.map((r) => r.failureCode)}::text[], ${u.map((t) => t.inputTokens)}::int[],
        ${u.map((t) => t.cachedInputTokens)}::int[], ${u.map((t) => t.outputTokens)}::int[],
        ${u.map((t) => t.reasoningTokens)}::int[], ${records.map((r) => r.isEstimated)}::boolean[],
        ${records.map((r) => r.cost)}::bigint[], ${records.map((r) => r.firstTokenMs)}::int[],
        ${records.map((r) => r.durationMs)}::int[], ${records.map((r) => r.audioSeconds ?? 0)}::float8[])
      as t (id, account_id, api_key_id, address_class, model, endpoint_id, source, outcome, failure_code, input_tokens,
        cached_input_tokens, output_tokens, reasoning_tokens, is_estimated, cost, first_token_ms, duration_ms,
        audio_seconds)
      where id in (select request_id from closed)
    ), logged as (
      insert into request_log (${LOGGED}) select ${LOGGED} from r
    ), counted as (
      update api_key k set requests = k.requests + s.requests, input_tokens = k.input_tokens + s.input_tokens,
        output_tokens = k.output_tokens + s.output_tokens, cost = k.cost + s.cost, last_used_at = s.at,
        last_address_class = coalesce(s.address_class, k.last_address_class)
      from (select api_key_id, count(*) as requests, sum(input_tokens) as input_tokens,
          sum(output_tokens) as output_tokens, sum(cost) as cost, max(at) as at, max(address_class) as address_class
        from r group by 1) s
      where k.id = s.api_key_id
    ), summed as (
    insert into usage_hour as h (account_id, hour, model, source, requests, input_tokens, output_tokens, cost, last_at)
    select account_id, date_trunc('hour', at, 'UTC'), model, source, count(*), sum(input_tokens), sum(output_tokens),
      sum(cost), max(at)
    from r group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (account_id, hour, model, source) do update set requests = h.requests + excluded.requests,
      input_tokens = h.input_tokens + excluded.input_tokens, output_tokens = h.output_tokens + excluded.output_tokens,
      cost = h.cost + excluded.cost, last_at = greatest(h.last_at, excluded.last_at)
    ), sliced as (
      insert into usage_slice as kept (account_id, at, model, source, api_key_id, ${SUM_COLUMNS})
      select account_id, ${QUARTER}, model, source, coalesce(api_key_id, ${NIL}), count(*),
        count(*) filter (where outcome = 'failed'), sum(input_tokens), sum(cached_input_tokens), sum(output_tokens),
        sum(reasoning_tokens), sum(audio_seconds), sum(cost)
      from r group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
      on conflict (account_id, at, model, source, api_key_id) do update set ${ADD_EXCLUDED}
    )${records.some(({ outcome }) => outcome === 'failed') ? FAILED : sql``}`;
}

const QUARTER = sql`date_bin('15 minutes', at, 'epoch')`;

const LOGGED = sql`id, account_id, api_key_id, model, endpoint_id, source, outcome, failure_code, input_tokens,
  cached_input_tokens, output_tokens, reasoning_tokens, is_estimated, cost, first_token_ms, duration_ms, audio_seconds,
  at`;

/** Left out where nothing failed: PostgreSQL takes time for each part of a statement, whether it finds rows or not. */
const FAILED = sql`, failed as (
  insert into endpoint_failure as kept
  select ${QUARTER}, model, coalesce(endpoint_id, ''), coalesce(failure_code, 'INTERNAL'), count(*)
  from r where outcome = 'failed' group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (at, model, endpoint_id, failure_code) do update set failures = kept.failures + excluded.failures
)`;
