/** Whose usage is asked, decided through the asker. */
import { type RawBuilder, sql } from 'kysely';
import { administrator, type Context, signedIn } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { asId } from '../kernel/id.ts';
import { needScope } from '../key/scopes.ts';
import { managedProject } from '../project/project.ts';
import { groupAccounts } from './group-accounts.ts';

/** Left out or null is no condition; at most one of `account`, `project`, `group` and `everyone` may be given. */
export interface ScopeWish {
  readonly account?: string | null;
  readonly project?: string | null;
  readonly group?: string | null;
  readonly everyone?: boolean | null;
  readonly key?: string | null;
}

/** One account, those of a group, or all that there are. */
export type UsageScope =
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'everyone' };

type Unit = Pick<Context, 'actor' | 'config' | 'sql'>;

/**
 * The actor's own account unless another is named.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, INVALID
 */
export async function usageScope(ctx: Unit, wish: ScopeWish): Promise<UsageScope> {
  signedIn(ctx);
  const named = [wish.account, wish.project, wish.group, wish.everyone || null].filter(isGiven);
  if (named.length > 1)
    fail('INVALID', 'Ask for one account, one project, one group or everyone.', {
      param: 'filter',
    });
  const scope = await scopeNamed(ctx, wish);
  if (isGiven(wish.key)) await mustHaveKey(ctx, scope, wish.key);
  return scope;
}

/** An empty text names nothing that there is: who sends one must not get an answer about something else. */
const isGiven = <T>(wish: T | null | undefined): wish is T => wish !== null && wish !== undefined;

async function scopeNamed(
  ctx: Unit,
  { account, project, group, everyone }: ScopeWish,
): Promise<UsageScope> {
  if (everyone || isGiven(group)) {
    overseer(ctx);
    return isGiven(group) ? groupScope(ctx, group) : { kind: 'everyone' };
  }
  if (isGiven(project)) {
    mayReadOthers(ctx);
    return accountScope((await managedProject(ctx, { id: project })).accountId);
  }
  const { accountId } = signedIn(ctx);
  return accountScope(isGiven(account) ? await visibleAccount(ctx, account) : accountId);
}

/** Who may read what everybody used. @throws Failure UNAUTHENTICATED, FORBIDDEN */
export function overseer(ctx: Pick<Context, 'actor'>): void {
  administrator(ctx);
  mayReadOthers(ctx);
}

/** A key with the scope `usage` alone is for what its own account used. @throws Failure FORBIDDEN */
const mayReadOthers = ({ actor }: Pick<Context, 'actor'>): void =>
  needScope(actor, 'graphql', 'graphql:read');

const accountScope = (accountId: string) => ({ kind: 'account', accountId }) as const;

function groupScope({ config }: Unit, group: string): UsageScope {
  if (!config.groups.has(group)) fail('NOT_FOUND', 'There is no such group.');
  return { kind: 'group', group };
}

async function visibleAccount(ctx: Unit, text: string): Promise<string> {
  const { accountId, isAdmin } = signedIn(ctx);
  const id = asId(text, 'account');
  if (id === accountId) return id;
  mayReadOthers(ctx);
  const { rows } = await sql`select from account where id = ${id} and ${isAdmin}`.execute(ctx.sql);
  return rows.length > 0 ? id : fail('NOT_FOUND', 'No such account.');
}

async function mustHaveKey(ctx: Unit, scope: UsageScope, key: string): Promise<void> {
  if (scope.kind !== 'account')
    return fail('INVALID', 'A key belongs to one account: ask for that one.', { param: 'key' });
  const { rows } = await sql`
    select from api_key where id = ${asId(key, 'key')} and account_id = ${scope.accountId}`.execute(
    ctx.sql,
  );
  if (rows.length === 0) fail('NOT_FOUND', 'No such key.');
}

/** A condition on a column that holds accounts; null when all are meant. */
export function isIn(
  { config }: Pick<Context, 'config'>,
  scope: UsageScope,
  column: RawBuilder<unknown>,
): RawBuilder<unknown> | null {
  if (scope.kind === 'everyone') return null;
  if (scope.kind === 'account') return sql`${column} = ${scope.accountId}::uuid`;
  return sql`${column} = any(array(
    select account_id from (${groupAccounts(config)}) g where group_name = ${scope.group}))`;
}

/**
 * The same for rows that are found by their time, whoever they are of: looked up in a table of those that are meant, since
 * an array would be searched through for each row.
 */
export function isAmong(
  ctx: Pick<Context, 'config'>,
  scope: UsageScope,
  column: RawBuilder<unknown>,
): RawBuilder<unknown> | null {
  if (scope.kind !== 'group') return isIn(ctx, scope, column);
  // Within `coalesce` it stays such a table; else it may become a search for each account.
  return sql`coalesce(${column} in (
    select account_id from (${groupAccounts(ctx.config)}) g where group_name = ${scope.group}), false)`;
}
