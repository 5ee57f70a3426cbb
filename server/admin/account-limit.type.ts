import { Field, ObjectType } from 'type-graphql';
import type { AccountLimit } from '../budget/pool-policy.ts';
import { PoolPolicyType } from '../group/pool-policy.type.ts';

@ObjectType('AccountLimit', { description: 'The pool that was given to one account alone.' })
export class AccountLimitType implements AccountLimit {
  @Field(() => PoolPolicyType, { description: 'Its size and refill; a size of 0 denies.' })
  policy!: AccountLimit['policy'];

  @Field(() => Boolean, {
    description: 'Whether the configuration says so; else administrators can change it here.',
  })
  isLocked!: boolean;
}
