import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { site } from './site.ts';
import { SiteType } from './site.type.ts';

@Resolver()
export class SiteResolver {
  @Query(() => SiteType, { description: 'What a visitor may know before signing in.' })
  site(@Ctx() ctx: Context): SiteType {
    return site(ctx);
  }
}
