import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Decimal } from '../kernel/decimal.type.ts';
import type { PoolView } from './read-pool.ts';

const PoolUnit = { COINS: 'coins', TOKENS: 'tokens' } as const;
registerEnumType(PoolUnit, { name: 'PoolUnit', description: 'What a pool counts.' });

@ObjectType('Pool', {
  description: 'What pays for an account. Amounts are in the unit of the pool.',
})
export class PoolType implements Pick<PoolView, 'unit' | 'isUnlimited'> {
  @Field(() => PoolUnit, { description: 'Coins, or tokens for the oldest form of budget.' })
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
