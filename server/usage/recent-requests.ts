/** How much models are asked of late, by everybody. */
import { sql } from 'kysely';
import type { Sql } from '../db/orm.ts';

declare module '../context.ts' {
  interface Parts {
    readonly recentRequests: RecentRequests;
  }
}

export interface RecentCounts {
  readonly lastMinute: number;
  readonly lastHour: number;
  readonly lastDay: number;
}

type CountsByModel = ReadonlyMap<string, RecentCounts>;

const FRESH_MS = 5_000;
const MINUTE_MS = 60_000;

/** Counts in one statement for all models, and not again for a few seconds. */
export class RecentRequests {
  readonly #sql: Sql;
  #counted: Promise<CountsByModel> | null = null;
  #countedAt = 0;

  constructor(connection: Sql) {
    this.#sql = connection;
  }

  counts(): Promise<CountsByModel> {
    if (this.#counted && performance.now() - this.#countedAt < FRESH_MS) return this.#counted;
    this.#countedAt = performance.now();
    const counted = this.#count();
    this.#counted = counted;
    counted.catch(() => {
      if (this.#counted === counted) this.#counted = null;
    });
    return counted;
  }

  /** Hour and day count the quarters of an hour that began within; the minute, what began and ended within. */
  async #count(): Promise<CountsByModel> {
    const { rows } = await sql<{ model: string; minute: string; hour: string; day: string }>`
      select model, sum(minute) as minute, sum(hour) as hour, sum(day) as day from (
        select model, 0 as minute, case when at > now() - interval '1 hour' then requests else 0 end as hour,
          requests as day
        from usage_slice where at > now() - interval '1 day'
        union all select model, 1, 0, 0 from request_log
        where id >= ${firstIdAt(Date.now() - MINUTE_MS)}::uuid and at > now() - interval '10 minutes'
      ) counted group by model`.execute(this.#sql);
    return new Map(
      rows.map(({ model, minute, hour, day }) => [
        model,
        { lastMinute: Number(minute), lastHour: Number(hour), lastDay: Number(day) },
      ]),
    );
  }
}

/** Ids begin with the time at which they were made (RFC 9562), so the log's primary key finds the latest requests. */
function firstIdAt(milliseconds: number): string {
  const time = Math.max(milliseconds, 0).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
