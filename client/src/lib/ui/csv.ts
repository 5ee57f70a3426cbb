// Tables for spreadsheets: RFC 4180, and safe to open.

type Cell = string | number | boolean | null | undefined;

/** Spreadsheets take text that begins so for a formula; numbers may begin with a minus. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

function written(cell: Cell): string {
  const text = String(cell ?? '');
  const tame = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

/** One line for the heads, then one for each row. */
export const csv = (heads: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [heads, ...rows].map((row) => `${row.map(written).join(',')}\r\n`).join('');
