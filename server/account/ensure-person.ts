import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { newId } from '../kernel/id.ts';
import { normaliseEmail } from './email.ts';

/** The id of the person with this address, who is created when unknown. Safe when called at the same time twice. */
export async function ensurePerson(
  ctx: Pick<Context, 'sql'>,
  email: string,
  name?: string,
): Promise<string> {
  const address = normaliseEmail(email);
  const fallback = address.slice(0, address.indexOf('@'));
  const { rows } = await sql<{ id: string }>`
    insert into account (id, kind, email, name) values (${newId()}, 'person', ${address}, ${name ?? fallback})
    on conflict (email) do update set name = coalesce(${name ?? null}, account.name)
    returning id`.execute(ctx.sql);
  const [row] = rows;
  if (!row) throw new Error('an upsert returned no row');
  return row.id;
}
