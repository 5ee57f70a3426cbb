// What the request log says of a question, without any sums.
import { expect } from 'vitest';
import type { TestApp } from '../../support/app.ts';
import type { Report } from './requests.ts';

export interface Question {
  readonly filter: Record<string, unknown>;
  /** The same, of the log. */
  readonly where: string;
}

const SUMS = `count(*)::int as requests, (count(*) filter (where outcome = 'failed'))::int as errors,
  coalesce(sum(input_tokens), 0)::int as "inputTokens",
  coalesce(sum(cached_input_tokens), 0)::int as "cachedInputTokens",
  coalesce(sum(output_tokens), 0)::int as "outputTokens",
  coalesce(sum(reasoning_tokens), 0)::int as "reasoningTokens",
  trim_scale(coalesce(sum(cost), 0) / 1000000)::text as cost`;

/** Every figure of the report is what the log itself says. */
export async function expectAgreement(
  app: TestApp,
  report: Report,
  { filter, where }: Question,
): Promise<void> {
  const by = (columns: string) =>
    app.rows(`select ${columns}, ${SUMS} from request_log where ${where} group by 1`);
  const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
  expect([report.totals]).toEqual(await app.rows(`select ${SUMS} from request_log where ${where}`));
  expect(sorted(report.byModel)).toEqual(sorted(await by('model')));
  expect(sorted(report.bySource)).toEqual(sorted(await by('upper(source) as source')));
  if (report.byKey)
    expect(report.byKey.map(({ id, cost }) => `${id} ${cost}`).sort()).toEqual(
      (await by('api_key_id as id')).map(({ id, cost }) => `${id} ${cost}`).sort(),
    );
  if (report.byAccount)
    expect(sorted(report.byAccount.nodes)).toEqual(sorted(await by('account_id as id')));
  const starts = report.overTime.map(({ start }) => start);
  const buckets = await app.rows(
    `select b as start, ${SUMS.replace('count(*)', 'count(id)')} from unnest($1::text[], $2::text[]) t (b, e)
      left join request_log on at >= b::timestamptz and at < e::timestamptz and ${where} group by b order by b`,
    starts,
    [...starts.slice(1), report.to],
  );
  expect(report.overTime).toEqual(buckets);
  const hours = await app.rows<{ day: number; hour: number; requests: number }>(
    `select extract(isodow from local)::int as day, extract(hour from local)::int as hour, count(*)::int as requests
      from (select at at time zone $1 as local from request_log where ${where}) l group by 1, 2 order by 1, 2`,
    filter.timeZone,
  );
  const shown = report.heatmap.flatMap((row, day) =>
    row.map((count, hour) => ({ day: day + 1, hour, requests: count })),
  );
  expect(shown.filter(({ requests: count }) => count > 0)).toEqual(hours);
}
