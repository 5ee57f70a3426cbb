import { FieldResolver, Resolver, Root } from 'type-graphql';
import type { PoolPolicy } from '../config/config.ts';
import type { Coins } from '../kernel/coins.ts';
import { PoolPolicyType } from './pool-policy.type.ts';

@Resolver(() => PoolPolicyType)
export class PoolPolicyResolver {
  @FieldResolver()
  max(@Root() { max }: PoolPolicy): Coins | null {
    return max === 'unlimited' ? null : max;
  }
}
