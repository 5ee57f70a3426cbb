import type { Config, PoolPolicy } from '../config/config.ts';
import type { Subject } from '../context.ts';
import { groupsOf } from '../group/memberships.ts';
import { isLimited } from './pool.ts';

/**
 * The pool that pays for an account: its own, else the best of its groups (unlimited, else the largest `max`), else the
 * default one. Null when there is none: then nothing may be used. A group's `max` of 0 grants nothing, a person's denies.
 */
export function poolPolicy(
  config: Config,
  account: Pick<Subject, 'kind' | 'email' | 'groups'>,
): PoolPolicy | null {
  const own = account.email === null ? null : (config.people.get(account.email)?.pool ?? null);
  if (own) return orNone(own);
  const granted = groupsOf(config, account).flatMap(({ pool }) =>
    pool && pool.max !== 0n ? pool : [],
  );
  if (granted.length > 0) return granted.reduce(larger);
  return config.defaults.pool && orNone(config.defaults.pool);
}

const orNone = (policy: PoolPolicy): PoolPolicy | null => (policy.max === 0n ? null : policy);

function larger(a: PoolPolicy, b: PoolPolicy): PoolPolicy {
  if (!isLimited(a) || !isLimited(b)) return isLimited(a) ? b : a;
  return b.max > a.max ? b : a;
}
