import { Field, Float, ObjectType } from 'type-graphql';
import type { Activity } from './activity.ts';

@ObjectType('Activity', { description: 'What a person did here, in figures.' })
export class ActivityType implements Activity {
  @Field(() => Float, { description: 'Conversations, without those that were deleted.' })
  conversations!: number;

  @Field(() => Float, { description: 'Messages that the person wrote in them.' })
  messages!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The model with the most requests; null before the first one.',
  })
  favouriteModel!: string | null;
}
