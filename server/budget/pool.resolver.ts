import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Viewer } from '../account/viewer.ts';
import { ViewerType } from '../account/viewer.type.ts';
import type { Context } from '../context.ts';
import { PoolType } from './pool.type.ts';
import { type PoolView, readPool } from './read-pool.ts';

@Resolver(() => ViewerType)
export class PoolResolver {
  @FieldResolver(() => PoolType, {
    nullable: true,
    description: 'What pays for the account; null when nothing does.',
  })
  pool(@Root() viewer: Viewer, @Ctx() ctx: Context): Promise<PoolView | null> {
    return readPool(ctx, viewer);
  }
}
