import { sql } from 'kysely';

/**
 * A part of a statement, to be selected from: its transaction is there for all to see at once, and on the disk soon
 * after. Until then the database's loss of power undoes it.
 */
export const ASYNCHRONOUS = sql`asynchronous as materialized (select set_config('synchronous_commit', 'off', true))`;
