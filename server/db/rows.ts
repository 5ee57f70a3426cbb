/** Rows that a statement is given, as a table that it selects from. */
import { sql } from 'kysely';

interface Values {
  readonly uuid: string;
  readonly text: string;
  /** As text: JSON's numbers are not exact beyond 2^53. */
  readonly bigint: string;
  readonly int: number;
  readonly float8: number;
  readonly boolean: boolean;
}

export type Columns = Readonly<Record<string, keyof Values>>;
export type Row<C extends Columns> = { readonly [Name in keyof C]: Values[C[Name]] | null };

/**
 * One JSON for all columns: of an `unnest` with an array for each, PostgreSQL makes a function call, a table in memory
 * and a parameter of every array, which takes longer than to read the JSON.
 */
export function rowsOf<C extends Columns>(columns: C) {
  const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  const table = sql.raw(`t (${definitions.join(', ')})`);
  return (rows: readonly Row<C>[]) =>
    sql`(select * from json_to_recordset(${JSON.stringify(rows)}::json) as ${table})`;
}
