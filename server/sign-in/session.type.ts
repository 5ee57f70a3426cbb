import { Field, ID, ObjectType } from 'type-graphql';
import type { Session } from './session-list.ts';

@ObjectType('Session', { description: 'A browser in which you are signed in.' })
export class SessionType implements Session {
  @Field(() => ID, { description: 'Names the session; it opens nothing.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Such as "Firefox on Linux"; null when it did not tell.',
  })
  browser!: string | null;

  @Field(() => Date, { description: 'When you signed in; it ends seven days later at the latest.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When it was used last, to about five minutes.' })
  seenAt!: Date;

  @Field(() => Boolean, { description: 'Whether it is the one that asks.' })
  isCurrent!: boolean;
}
