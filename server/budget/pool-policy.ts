import { namedSettings, ownSettings } from '../account/own-settings.ts';
import type { Config, PoolPolicy } from '../config/config.ts';
import type { Subject } from '../context.ts';
import { groupsOf } from '../group/memberships.ts';
import { isLimited } from './pool.ts';

/**
 * The pool that pays for an account: its own (as its block of the file says, else as an administrator set it, else as the
 * file says for all projects), else the best of its groups (unlimited, else the largest `max`), else the default one. Null
 * when there is none: then nothing may be used. A group's `max` of 0 grants nothing, an account's own denies.
 */
export function poolPolicy(
  config: Config,
  account: Pick<Subject, 'kind' | 'email' | 'slug' | 'groups' | 'limit'>,
): PoolPolicy | null {
  const own = ownLimit(config, account)?.policy ?? ownSettings(config, account)?.pool;
  if (own) return orNone(own);
  const granted = groupsOf(config, account).flatMap(({ pool }) =>
    pool && pool.max !== 0n ? pool : [],
  );
  if (granted.length > 0) return granted.reduce(larger);
  return config.defaults.pool && orNone(config.defaults.pool);
}

/** The pool of an account that was given to it alone. */
export interface AccountLimit {
  readonly policy: PoolPolicy;
  /** The configuration file says so: nobody changes it elsewhere. */
  readonly isLocked: boolean;
}

/** Null when the account has what its groups and the defaults grant. */
export function ownLimit(
  config: Config,
  account: Pick<Subject, 'email' | 'slug' | 'limit'>,
): AccountLimit | null {
  const policy = namedSettings(config, account)?.pool;
  if (policy) return { policy, isLocked: true };
  return account.limit && { policy: account.limit, isLocked: false };
}

const orNone = (policy: PoolPolicy): PoolPolicy | null => (policy.max === 0n ? null : policy);

function larger(a: PoolPolicy, b: PoolPolicy): PoolPolicy {
  if (!isLimited(a) || !isLimited(b)) return isLimited(a) ? b : a;
  return b.max > a.max ? b : a;
}
