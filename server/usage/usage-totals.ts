import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import type { Coins } from '../kernel/coins.ts';
import { NO_COINS, plus } from '../kernel/coins.ts';

export interface UsageCounts {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: Coins;
}

/** All that an account has ever used, together and by the door it came through. */
export interface UsageTotals extends UsageCounts {
  readonly chat: UsageCounts;
  readonly api: UsageCounts;
}

interface Row {
  readonly account_id: string;
  readonly source: 'chat' | 'api';
  readonly requests: string;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly cost: string;
}

export const usageTotals = (ctx: Pick<Context, 'sql'>, accountId: string): Promise<UsageTotals> =>
  batched(ctx, totalsOfAll, accountId);

async function totalsOfAll(
  ctx: Pick<Context, 'sql'>,
  accountIds: readonly string[],
): Promise<readonly UsageTotals[]> {
  const { rows } = await sql<Row>`
    select account_id, source, sum(requests) as requests, sum(input_tokens) as input_tokens,
      sum(output_tokens) as output_tokens, sum(cost) as cost
    from usage_hour where account_id = any(${accountIds}::uuid[]) group by account_id, source`.execute(
    ctx.sql,
  );
  const byAccount = Map.groupBy(rows, (row) => row.account_id);
  return accountIds.map((id) => totals(byAccount.get(id) ?? []));
}

function totals(rows: readonly Row[]): UsageTotals {
  const chat = counts(rows.find((row) => row.source === 'chat'));
  const api = counts(rows.find((row) => row.source === 'api'));
  return {
    requests: chat.requests + api.requests,
    inputTokens: chat.inputTokens + api.inputTokens,
    outputTokens: chat.outputTokens + api.outputTokens,
    cost: plus(chat.cost, api.cost),
    chat,
    api,
  };
}

function counts(row: Row | undefined): UsageCounts {
  if (!row) return { requests: 0, inputTokens: 0, outputTokens: 0, cost: NO_COINS };
  return {
    requests: Number(row.requests),
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    cost: BigInt(row.cost) as Coins,
  };
}
