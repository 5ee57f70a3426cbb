import { sql } from 'kysely';
import { type Context, signedIn } from '../context.ts';

/** What a person did here, in figures; what they used is `UsageTotals`. */
export interface Activity {
  /** Without those that were deleted. */
  readonly conversations: number;
  /** Their own, without the answers. */
  readonly messages: number;
  /** The model with the most requests of theirs; null before the first. */
  readonly favouriteModel: string | null;
}

/** Of the actor. @throws Failure UNAUTHENTICATED */
export async function activity(ctx: Pick<Context, 'sql' | 'actor'>): Promise<Activity> {
  const { accountId } = signedIn(ctx);
  const { rows } = await sql<Activity>`
    select count(distinct c.id)::float8 as conversations, count(m.id)::float8 as messages,
      (select model from usage_hour where account_id = ${accountId} group by model
        order by sum(requests) desc, model limit 1) as "favouriteModel"
    from conversation c left join message m on m.conversation_id = c.id and m.role = 'user'
    where c.owner_id = ${accountId} and c.hidden_at is null and not c.is_temporary`.execute(
    ctx.sql,
  );
  const [row] = rows;
  if (!row) throw new Error('a statement that counts gives one row');
  return row;
}
