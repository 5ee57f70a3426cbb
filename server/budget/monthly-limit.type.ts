import { Field, ObjectType } from 'type-graphql';
import { Decimal } from '../kernel/decimal.type.ts';
import type { MonthlyLimit } from './monthly-limits.ts';

@ObjectType('MonthlyLimit', {
  description: 'What a person allows themselves to spend in a calendar month (UTC), in coins.',
})
export class MonthlyLimitType implements MonthlyLimit {
  @Field(() => Decimal, { description: 'What they set.' })
  max!: MonthlyLimit['max'];

  @Field(() => Decimal, { description: 'What requests of this month cost.' })
  spent!: MonthlyLimit['spent'];

  @Field(() => Decimal, { description: 'What running requests hold of it.' })
  held!: MonthlyLimit['held'];

  @Field(() => Decimal, { description: 'What is left of it; the pool may hold less.' })
  left!: MonthlyLimit['left'];

  @Field(() => Date, { description: 'When the next month begins.' })
  renewsAt!: Date;
}
