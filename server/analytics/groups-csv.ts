import { formatCoins } from '../kernel/coins.ts';
import type { GroupUsage } from './spenders.ts';

const COLUMNS: readonly (readonly [string, (row: GroupUsage) => string])[] = [
  ['group', ({ group }) => quoted(group)],
  ['accounts', ({ accounts }) => String(accounts)],
  ['requests', ({ requests }) => String(requests)],
  ['input_tokens', ({ inputTokens }) => String(inputTokens)],
  ['output_tokens', ({ outputTokens }) => String(outputTokens)],
  ['cost', ({ cost }) => formatCoins(cost)],
];

/** A table as RFC 4180 has it, with a line of names. */
export const groupsCsv = (rows: readonly GroupUsage[]): string =>
  [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');

/** An apostrophe before what a spreadsheet would take for a formula. */
const quoted = (text: string): string =>
  `"${text.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
