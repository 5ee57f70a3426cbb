import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Viewer } from '../account/viewer.ts';
import { ViewerType } from '../account/viewer.type.ts';
import type { Context } from '../context.ts';
import { groupNamesOf } from './memberships.ts';

@Resolver(() => ViewerType)
export class ViewerGroupsResolver {
  @FieldResolver(() => [String], {
    description: 'Names of the groups that you are in; a prompt can be shared with each of them.',
  })
  groups(@Root() viewer: Viewer, @Ctx() { config }: Context): readonly string[] {
    return groupNamesOf(config, viewer);
  }
}
