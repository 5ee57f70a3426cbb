/** E-mail addresses out of a table that some other program wrote. */
import { CsvError, parse } from 'csv-parse/sync';
import { emailOrNull } from '../account/email.ts';
import { fail } from '../kernel/failure.ts';

const BYTES_MAX = 1_048_576;
const ROWS_MAX = 10_000;
/** What a person called the column of addresses, in the languages that our institutions speak. */
const HEADING = /^(e-?mail|mail|address|adresse|correo|courriel|posta)/i;
/** `Ada Lovelace <ada@example.edu>` */
const BRACKETED = /<([^<>]+)>\s*$/;

export interface ListedAddress {
  /** Of the file, from 1. */
  readonly line: number;
  /** What stands there, shortened. */
  readonly text: string;
  /** Normalised; null when it is no address. */
  readonly email: string | null;
}

interface Row {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

/**
 * Comma, semicolon or tab between the columns, with or without a line of headings, whatever ends the lines. The addresses
 * are in the column with such a heading, else in the first cell of each line that has an @.
 *
 * @throws Failure TOO_LARGE, INVALID with the line at fault when it is no table
 */
export function addressList(text: string): readonly ListedAddress[] {
  if (Buffer.byteLength(text) > BYTES_MAX)
    fail('TOO_LARGE', 'The file is larger than 1 MB.', { param: 'file' });
  const rows = rowsOf(text);
  if (rows.length > ROWS_MAX)
    fail('TOO_LARGE', `The file has more than ${ROWS_MAX} lines.`, { param: 'file' });
  const first = rows[0]?.record ?? [];
  const column = first.findIndex((cell) => HEADING.test(cell));
  const hasHead = first.length > 0 && !first.some((cell) => cell.includes('@')) && column >= 0;
  return rows.slice(hasHead ? 1 : 0).map((row) => addressOf(row, hasHead ? column : null));
}

function rowsOf(text: string): readonly Row[] {
  try {
    const parsed: unknown = parse(text, {
      bom: true,
      delimiter: [',', ';', '\t'],
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: ROWS_MAX + 1,
      trim: true,
    });
    return parsed as readonly Row[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return fail('INVALID', `This is no table: ${error.message}.`, { param: 'file' }, error);
  }
}

function addressOf({ info, record }: Row, column: number | null): ListedAddress {
  const cell =
    column === null ? (record.find((text) => text.includes('@')) ?? record[0]) : record[column];
  const text = cell ?? '';
  const bare = BRACKETED.exec(text)?.[1] ?? text;
  return { line: info.lines, text: text.slice(0, 100), email: emailOrNull(bare) };
}
