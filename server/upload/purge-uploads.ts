import { sql } from 'kysely';
import type { Context } from '../context.ts';

/** Removes the files that nobody has sent within a day; those that were sent go with their conversation. */
export async function purgeUploads({ sql: connection }: Pick<Context, 'sql'>): Promise<void> {
  await sql`
    delete from upload where conversation_id is null and created_at < now() - interval '1 day'`.execute(
    connection,
  );
}
