import { Field, Int, ObjectType } from 'type-graphql';
import { UsageCountsType } from '../usage/usage.type.ts';
import type { PeopleTotals } from './people-totals.ts';

@ObjectType('PeopleTotals', {
  description: 'How many people have an account, and all that they ever used; without projects.',
})
export class PeopleTotalsType extends UsageCountsType implements PeopleTotals {
  @Field(() => Int, { description: 'Everybody who has an account.' })
  people!: number;

  @Field(() => Int, { description: 'Those of them whose account is disabled.' })
  disabled!: number;
}
