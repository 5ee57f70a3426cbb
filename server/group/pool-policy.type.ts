import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { PoolPolicy } from '../config/config.ts';
import { Decimal } from '../kernel/decimal.type.ts';

export const PoolUnitEnum = { COINS: 'coins', TOKENS: 'tokens' } as const;
registerEnumType(PoolUnitEnum, {
  name: 'PoolUnit',
  description: 'What a pool counts.',
  valuesConfig: {
    COINS: { description: 'Coins, at the prices of the models.' },
    TOKENS: { description: 'Tokens read and written, whatever the model.' },
  },
});

@ObjectType('PoolPolicy', { description: 'The pool that is granted, in its unit.' })
export class PoolPolicyType implements Pick<PoolPolicy, 'unit' | 'refreshPerHour' | 'starting'> {
  @Field(() => PoolUnitEnum, { description: 'What it counts.' })
  unit!: PoolPolicy['unit'];

  @Field(() => Decimal, { nullable: true, description: 'Its size; null is unlimited.' })
  max!: PoolPolicy['max'] | null;

  @Field(() => Decimal, { description: 'What it regains in an hour, up to its size.' })
  refreshPerHour!: PoolPolicy['refreshPerHour'];

  @Field(() => Decimal, { description: 'What is in it at the start.' })
  starting!: PoolPolicy['starting'];
}
