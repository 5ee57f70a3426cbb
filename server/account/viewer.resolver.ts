import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { type Viewer, viewer } from './viewer.ts';
import { ViewerType } from './viewer.type.ts';

@Resolver()
export class ViewerResolver {
  @Query(() => ViewerType, {
    description: 'Who asks. Refused with UNAUTHENTICATED when nobody is signed in.',
  })
  viewer(@Ctx() ctx: Context): Viewer {
    return viewer(ctx);
  }
}
