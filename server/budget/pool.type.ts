import { Field, ObjectType } from 'type-graphql';
import { PoolUnitEnum } from '../group/pool-policy.type.ts';
import { Decimal } from '../kernel/decimal.type.ts';
import type { PoolView } from './read-pool.ts';

@ObjectType('Pool', {
  description: 'What pays for an account. Amounts are in the unit of the pool.',
})
export class PoolType implements Pick<PoolView, 'unit' | 'isUnlimited'> {
  @Field(() => PoolUnitEnum, { description: 'Coins, or tokens for the oldest form of budget.' })
  unit!: PoolView['unit'];

  @Field(() => Boolean, {
    name: 'unlimited',
    description: 'Whether nothing is ever taken; the amounts are 0 then.',
  })
  isUnlimited!: boolean;

  @Field(() => Decimal, { description: 'What can be spent now, with its refill up to now.' })
  left!: PoolView['left'];

  @Field(() => Decimal, {
    description: 'What running requests hold; not yet spent, and not in `left`.',
  })
  held!: PoolView['held'];

  @Field(() => Decimal, { description: 'Up to where the pool refills.' })
  max!: PoolView['max'];

  @Field(() => Decimal, { description: 'What is refilled in an hour, evenly.' })
  refreshPerHour!: PoolView['refreshPerHour'];
}
