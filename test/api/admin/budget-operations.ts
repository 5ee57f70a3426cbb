// What administrators do to budgets, and what they see of them.
import type { Person } from '../../support/actors.ts';
import type { TestApp } from '../../support/app.ts';

const POOL = '{ unit unlimited left held max refreshPerHour }';
export const RESET = `mutation ($account: AccountNameInput!, $reason: String = "A new term") {
  resetPool(account: $account, reason: $reason) ${POOL}
}`;
export const GRANT = `mutation ($account: AccountNameInput!, $amount: Decimal!, $reason: String = "For the workshop") {
  grantCoins(account: $account, amount: $amount, reason: $reason) ${POOL}
}`;
export const LIMIT = `mutation ($account: AccountNameInput!, $limit: PoolPolicyInput, $reason: String = "As agreed") {
  setAccountLimit(account: $account, limit: $limit, reason: $reason) ${POOL}
}`;
export const SEEN = `query ($search: String!) {
  people(first: 5, search: $search) { nodes { id pool { left max } limit { isLocked policy { max refreshPerHour } } } }
}`;

interface Seen {
  readonly id: string;
  readonly pool: { left: string; max: string } | null;
  readonly limit: { isLocked: boolean; policy: { max: string | null } } | null;
}

/** One person, as administrators see them. */
export const seenBy = async (admin: Person, { email }: Person): Promise<Seen> => {
  const { people } = await admin.asks<{ people: { nodes: Seen[] } }>(SEEN, { search: email });
  return people.nodes[0] as Seen;
};
export const trailOf = (app: TestApp, id: string) =>
  app.rows(
    'select action, before, after, reason from audit_entry where subject = $1 order by id',
    id,
  );

/** Lets the person's pool be as old as if the time had passed. */
export const ages = (app: TestApp, { email }: Person, interval: string) =>
  app.rows(
    'update pool set refilled_at = refilled_at - $2::interval where account_id = (select id from account where email = $1)',
    email,
    interval,
  );
