import { Field, Float, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Decimal } from '../kernel/decimal.type.ts';
import { FailureCodeEnum } from '../kernel/failure.type.ts';
import type { Page } from '../kernel/page.ts';
import type { UsageSums } from '../usage/usage-sums.ts';
import type { EndpointErrors } from './endpoint-errors.ts';
import type { PeopleBucket } from './people-growth.ts';
import type { AccountUsage, GroupUsage } from './spenders.ts';
import type { KeyUsage, ModelUsage, SourceUsage, UsageBucket } from './usage-figures.ts';
import { UsageSourceEnum } from './usage-filter.type.ts';
import type { UsageReport } from './usage-report.ts';
import type { BucketUnit } from './usage-window.ts';

const BucketUnitEnum = {
  HOUR: 'hour',
  DAY: 'day',
  WEEK: 'week',
  MONTH: 'month',
} as const satisfies Record<string, BucketUnit>;
registerEnumType(BucketUnitEnum, {
  name: 'UsageBucketUnit',
  description: 'How long the buckets of a report are, by the clock of its time zone.',
  valuesConfig: {
    HOUR: { description: 'An hour.' },
    DAY: { description: 'From midnight to midnight.' },
    WEEK: { description: 'From Monday on.' },
    MONTH: { description: 'A month of the calendar.' },
  },
});

@ObjectType('UsageSums', { description: 'What some requests used together.' })
export class UsageSumsType implements UsageSums {
  @Field(() => Float, { description: 'Requests that were sent to a model.' })
  requests!: number;

  @Field(() => Float, { description: 'Those of them that failed.' })
  errors!: number;

  @Field(() => Float, { description: 'Tokens read by models.' })
  inputTokens!: number;

  @Field(() => Float, { description: 'Those of them that the model server had read before.' })
  cachedInputTokens!: number;

  @Field(() => Float, { description: 'Tokens written by models, reasoning included.' })
  outputTokens!: number;

  @Field(() => Float, { description: 'Those of them that were reasoning.' })
  reasoningTokens!: number;

  @Field(() => Float, { description: 'Length of the audio that models heard.' })
  audioSeconds!: number;

  @Field(() => Decimal, { description: 'Coins at the prices of the models.' })
  cost!: UsageSums['cost'];
}

@ObjectType('UsageBucket', { description: 'What was used in a stretch of time.' })
export class UsageBucketType extends UsageSumsType implements UsageBucket {
  @Field(() => Date, { description: 'Its beginning; it ends where the next one begins.' })
  start!: Date;
}

@ObjectType('ModelUsage', { description: 'What was used of a model.' })
export class ModelUsageType extends UsageSumsType implements ModelUsage {
  @Field(() => String, { description: 'The name of the model.' })
  model!: string;
}

@ObjectType('SourceUsage', { description: 'What was used through a door.' })
export class SourceUsageType extends UsageSumsType implements SourceUsage {
  @Field(() => UsageSourceEnum, { description: 'The door.' })
  source!: SourceUsage['source'];
}

@ObjectType('KeyUsage', { description: 'What was used with an API key, or without one.' })
export class KeyUsageType extends UsageSumsType implements KeyUsage {
  @Field(() => ID, {
    nullable: true,
    description: 'Of the key; null for what was used without one.',
  })
  id!: string | null;

  @Field(() => String, { nullable: true, description: 'Null without a key.' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'The ends of the key; null without one.' })
  hint!: string | null;
}

@ObjectType('AccountUsage', { description: 'What an account used.' })
class AccountUsageType extends UsageSumsType implements AccountUsage {
  @Field(() => ID, { description: 'Of the account.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Null when the account is gone.' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'Null for a project.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Null for a person.' })
  slug!: string | null;
}

@ObjectType('AccountUsagePage', { description: 'Part of the accounts that used something.' })
export class AccountUsagePageType implements Page<AccountUsage> {
  @Field(() => [AccountUsageType], { description: 'The accounts of this page.' })
  nodes!: readonly AccountUsage[];

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` for what follows; null at the end.',
  })
  next!: string | null;
}

@ObjectType('GroupUsage', { description: 'What the accounts used that are in a group now.' })
export class GroupUsageType extends UsageSumsType implements GroupUsage {
  @Field(() => String, { description: 'The name of the group.' })
  group!: string;

  @Field(() => Float, { description: 'How many of its accounts used something.' })
  accounts!: number;
}

@ObjectType('EndpointErrors', { description: 'Requests that failed at an endpoint.' })
export class EndpointErrorsType implements EndpointErrors {
  @Field(() => String, { description: 'The model that was asked for.' })
  model!: string;

  @Field(() => ID, { nullable: true, description: 'Null for requests that reached none.' })
  endpointId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Host and port; null when the configuration has no such endpoint any more.',
  })
  host!: string | null;

  @Field(() => FailureCodeEnum, { description: 'How they failed.' })
  code!: EndpointErrors['code'];

  @Field(() => Float, { description: 'How many.' })
  errors!: number;
}

@ObjectType('PeopleBucket', { description: 'How many people there are.' })
export class PeopleBucketType implements PeopleBucket {
  @Field(() => Date, { description: 'The beginning of the bucket.' })
  start!: Date;

  @Field(() => Float, { description: 'Who signed in for the first time in it.' })
  joined!: number;

  @Field(() => Float, { description: 'All who had by its end.' })
  total!: number;
}

@ObjectType('UsageReport', {
  description: 'Answers about usage; each field costs a statement, so ask for what you show.',
})
export class UsageReportType implements Pick<UsageReport, 'from' | 'to' | 'timeZone' | 'unit'> {
  @Field(() => Date, { description: 'From here, a full quarter of an hour.' })
  from!: Date;

  @Field(() => Date, {
    description: 'To here, not included: a full quarter of an hour, or the end of the running one.',
  })
  to!: Date;

  @Field(() => String, { description: 'Whose clock the buckets and the heatmap follow.' })
  timeZone!: string;

  @Field(() => BucketUnitEnum, { description: 'How long the buckets are.' })
  unit!: BucketUnit;
}
