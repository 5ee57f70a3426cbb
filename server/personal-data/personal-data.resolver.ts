import { Arg, Ctx, FieldResolver, Mutation, Resolver } from 'type-graphql';
import { ViewerType } from '../account/viewer.type.ts';
import type { Context } from '../context.ts';
import { type Activity, activity } from './activity.ts';
import { ActivityType } from './activity.type.ts';
import { deletionAskedAt, requestDeletion, withdrawDeletionRequest } from './deletion-request.ts';

@Resolver(() => ViewerType)
export class PersonalDataResolver {
  @FieldResolver(() => ActivityType, { description: 'What you did here, in figures.' })
  activity(@Ctx() ctx: Context): Promise<Activity> {
    return activity(ctx);
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description: 'When you asked for your account to be deleted; null when you do not.',
  })
  deletionAskedAt(@Ctx() ctx: Context): Promise<Date | null> {
    return deletionAskedAt(ctx);
  }

  @Mutation(() => Date, {
    nullable: true,
    description:
      'Asks the administrators to delete your account with all that you wrote; gives since when you ask.',
  })
  requestAccountDeletion(
    @Arg('note', () => String, {
      nullable: true,
      description: 'What they should know; at most 1,000 characters.',
    })
    note: string | null,
    @Ctx() ctx: Context,
  ): Promise<Date | null> {
    return requestDeletion(ctx, note ?? null);
  }

  @Mutation(() => Boolean, {
    description: 'Takes that back; false when there was nothing to take back.',
  })
  withdrawAccountDeletion(@Ctx() ctx: Context): Promise<boolean> {
    return withdrawDeletionRequest(ctx);
  }
}
