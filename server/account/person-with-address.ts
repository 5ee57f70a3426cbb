import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { normaliseEmail } from './email.ts';

/** The id of the person with this address. @throws Failure INVALID, NOT_FOUND */
export async function personWithAddress(ctx: Pick<Context, 'sql'>, email: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from account where email = ${normaliseEmail(email)}`.execute(ctx.sql);
  return rows[0]?.id ?? fail('NOT_FOUND', 'Nobody with this address has signed in yet.');
}

/** The same, of somebody whose account is not disabled. @throws Failure INVALID, NOT_FOUND */
export async function activePersonWithAddress(
  ctx: Pick<Context, 'sql'>,
  email: string,
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from account where email = ${normaliseEmail(email)} and is_active`.execute(ctx.sql);
  return (
    rows[0]?.id ??
    fail('NOT_FOUND', 'Nobody with this address has signed in yet, or their account is disabled.')
  );
}
