import { Field, Float, ObjectType } from 'type-graphql';
import { Decimal } from '../kernel/decimal.type.ts';
import type { UsageCounts, UsageTotals } from './usage-totals.ts';

@ObjectType('UsageCounts', { description: 'What requests used together.' })
export class UsageCountsType implements UsageCounts {
  @Field(() => Float, { description: 'Requests that were sent to a model.' })
  requests!: number;

  @Field(() => Float, { description: 'Tokens read by models.' })
  inputTokens!: number;

  @Field(() => Float, { description: 'Tokens written by models, reasoning included.' })
  outputTokens!: number;

  @Field(() => Decimal, { description: 'Coins at the prices of the models.' })
  cost!: UsageCounts['cost'];
}

@ObjectType('Usage', { description: 'All that an account has ever used.' })
export class UsageType extends UsageCountsType implements UsageTotals {
  @Field(() => UsageCountsType, { description: 'Through the chat.' })
  chat!: UsageCounts;

  @Field(() => UsageCountsType, { description: 'Through API keys on /v1.' })
  api!: UsageCounts;
}
