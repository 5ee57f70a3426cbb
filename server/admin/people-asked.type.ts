import { ArgsType, Field, Int, registerEnumType } from 'type-graphql';
import type { PeopleListing, PeopleOrder } from './people-list.ts';

const PeopleOrderEnum = {
  NAME: 'name',
  EMAIL: 'email',
  CREATED_AT: 'createdAt',
  LAST_SEEN_AT: 'lastSeenAt',
  LEFT: 'left',
  COST: 'cost',
  TOKENS: 'tokens',
  REQUESTS: 'requests',
} as const satisfies Record<string, PeopleOrder>;
registerEnumType(PeopleOrderEnum, {
  name: 'PeopleOrder',
  description: 'What a list of people is ordered by; those without such a value come last.',
  valuesConfig: {
    NAME: { description: 'The name.' },
    EMAIL: { description: 'The address.' },
    CREATED_AT: { description: 'When the account was made.' },
    LAST_SEEN_AT: { description: 'When they were last signed in.' },
    LEFT: { description: 'What they can spend now, refill included; unlimited is the most.' },
    COST: { description: 'Coins of all that they ever used.' },
    TOKENS: { description: 'Tokens that were ever read and written for them.' },
    REQUESTS: { description: 'All requests that they ever made.' },
  },
});

@ArgsType()
export class PeopleAsked implements PeopleListing {
  @Field(() => Int, { defaultValue: 50, description: 'How many, up to 200.' })
  first!: number;

  @Field(() => String, { nullable: true, description: 'The `next` of the page before.' })
  after?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Words that their names or addresses contain.',
  })
  search?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Only those who asked for their account to be deleted.',
  })
  asksForDeletion!: boolean;

  @Field(() => PeopleOrderEnum, { defaultValue: 'email', description: 'What comes first.' })
  orderBy!: PeopleOrder;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the largest, the latest or the last letter comes first.',
  })
  descending!: boolean;
}
