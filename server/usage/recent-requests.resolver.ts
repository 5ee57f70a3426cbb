import { Ctx, FieldResolver, Float, Resolver, Root } from 'type-graphql';
import { ModelType } from '../access/model.type.ts';
import type { ModelView } from '../access/visible-models.ts';
import type { Context } from '../context.ts';

@Resolver(() => ModelType)
export class RecentRequestsResolver {
  @FieldResolver(() => Float, {
    description: 'Requests by everybody in the last hour, to a quarter of an hour.',
  })
  async requestsLastHour(@Root() { name }: ModelView, @Ctx() ctx: Context): Promise<number> {
    return (await ctx.parts.recentRequests.counts()).get(name)?.lastHour ?? 0;
  }

  @FieldResolver(() => Float, { description: 'The same in the last 24 hours.' })
  async requestsLastDay(@Root() { name }: ModelView, @Ctx() ctx: Context): Promise<number> {
    return (await ctx.parts.recentRequests.counts()).get(name)?.lastDay ?? 0;
  }
}
