import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver } from 'type-graphql';
import { ViewerType } from '../account/viewer.type.ts';
import type { Context } from '../context.ts';
import { revokeOtherSessions } from './revoke-other-sessions.ts';
import { revokeSession } from './revoke-session.ts';
import { SessionType } from './session.type.ts';
import { type Session, sessionList } from './session-list.ts';

@Resolver(() => ViewerType)
export class SessionResolver {
  @FieldResolver(() => [SessionType], {
    description: 'Where you are signed in, the session used last first.',
  })
  sessions(@Ctx() ctx: Context): Promise<readonly Session[]> {
    return sessionList(ctx);
  }

  @Mutation(() => ID, {
    description: 'Ends one of your sessions, everywhere and at once; gives its id.',
  })
  revokeSession(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return revokeSession(ctx, id);
  }

  @Mutation(() => [ID], {
    description: 'Ends all of your sessions but the one that asks; gives their ids.',
  })
  revokeOtherSessions(@Ctx() ctx: Context): Promise<readonly string[]> {
    return revokeOtherSessions(ctx);
  }
}
