import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import type { UsageFilter } from './usage-report.ts';
import type { Period } from './usage-window.ts';

const PeriodEnum = {
  WEEK: 'week',
  MONTH: 'month',
  YEAR: 'year',
  ALL: 'all',
} as const satisfies Record<string, Period>;
registerEnumType(PeriodEnum, {
  name: 'UsagePeriod',
  description: 'A stretch of time up to now, in whole days, weeks or months of the time zone.',
  valuesConfig: {
    WEEK: { description: 'Today and the six days before, by the day.' },
    MONTH: { description: 'Today and the 29 days before, by the day.' },
    YEAR: { description: 'This week and the 52 weeks before, by the week.' },
    ALL: { description: 'From the month of the first request on, by the month.' },
  },
});

export const UsageSourceEnum = { CHAT: 'chat', API: 'api' } as const;
registerEnumType(UsageSourceEnum, {
  name: 'UsageSource',
  description: 'The door that requests came through.',
  valuesConfig: {
    CHAT: { description: 'The chat.' },
    API: { description: 'API keys on /v1.' },
  },
});

@InputType('UsageFilter', {
  description:
    'Which usage: all that is given must hold. Left out, it is your own; `account`, `project`, `group` and `everyone` exclude each other.',
})
export class UsageFilterInput implements UsageFilter {
  @Field(() => PeriodEnum, {
    nullable: true,
    description: 'WEEK, unless `from` and `to` are given.',
  })
  period?: Period | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Not before the quarter of an hour of this moment; goes with `to`.',
  })
  from?: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Before the end of the quarter of an hour of this moment.',
  })
  to?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Name of a time zone as "Europe/Berlin"; UTC when left out.',
  })
  timeZone?: string | null;

  @Field(() => ID, { nullable: true, description: 'For administrators: of this account.' })
  account?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of a project that you manage.' })
  project?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For administrators: of those who are in this group now.',
  })
  group?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'For administrators: of all accounts.' })
  everyone?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Of this model.' })
  model?: string | null;

  @Field(() => UsageSourceEnum, { nullable: true, description: 'Through this door.' })
  source?: 'chat' | 'api' | null;

  @Field(() => ID, { nullable: true, description: 'With this API key of the account.' })
  key?: string | null;
}
