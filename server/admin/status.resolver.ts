import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { type Status, status } from './status.ts';
import { StatusType } from './status.type.ts';

@Resolver()
export class StatusResolver {
  @Query(() => StatusType, {
    description: 'For administrators: how the processes, the database, Redis and the jobs do.',
  })
  status(@Ctx() ctx: Context): Promise<Status> {
    return status(ctx);
  }
}
