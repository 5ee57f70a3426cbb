import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Access, AccessRules } from '../config/config.ts';
import type { Context } from '../context.ts';
import type { Page } from '../kernel/page.ts';
import { addGroupMember, removeGroupMember } from './change-member.ts';
import { createGroup } from './create-group.ts';
import { deleteGroup } from './delete-group.ts';
import { GroupAccessType, GroupMemberPageType, GroupType } from './group.type.ts';
import { GroupInput } from './group-input.type.ts';
import { type GroupView, groupList, groupNamed } from './group-list.ts';
import { type GroupMember, memberList } from './member-list.ts';
import { updateGroup } from './update-group.ts';

@Resolver(() => GroupType)
export class GroupResolver {
  @Query(() => [GroupType], { description: 'For administrators: all groups, by name.' })
  groups(@Ctx() ctx: Context): Promise<readonly GroupView[]> {
    return groupList(ctx);
  }

  @Query(() => GroupType, {
    nullable: true,
    description: 'For administrators: one group, or null when there is none of this name.',
  })
  group(
    @Arg('name', () => String, { description: 'As `groups` gives it.' }) name: string,
    @Ctx() ctx: Context,
  ): Promise<GroupView | null> {
    return groupNamed(ctx, name);
  }

  @Mutation(() => GroupType, { description: 'For administrators: makes a group.' })
  createGroup(
    @Arg('input', () => GroupInput, { description: 'What it is to be.' }) input: GroupInput,
    @Ctx() ctx: Context,
  ): Promise<GroupView> {
    return createGroup(ctx, input);
  }

  @Mutation(() => GroupType, {
    description: 'For administrators: defines a group anew that was made here; its members stay.',
  })
  updateGroup(
    @Arg('input', () => GroupInput, { description: 'What the group of this name is to be now.' })
    input: GroupInput,
    @Ctx() ctx: Context,
  ): Promise<GroupView> {
    return updateGroup(ctx, input);
  }

  @Mutation(() => String, {
    description:
      'For administrators: ends a group that was made here, with its memberships; gives its name.',
  })
  deleteGroup(
    @Arg('name', () => String, { description: 'Which one.' }) name: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return deleteGroup(ctx, name);
  }

  @Mutation(() => GroupType, {
    description:
      'For administrators: puts a person or a project into a group, also into one of the configuration.',
  })
  addGroupMember(
    @Arg('group', () => String, { description: 'Name of the group.' }) group: string,
    @Arg('email', () => String, {
      nullable: true,
      description: 'Of a person who has signed in before.',
    })
    email: string | null,
    @Arg('project', () => String, {
      nullable: true,
      description: 'Slug of a project, instead of an address.',
    })
    project: string | null,
    @Ctx() ctx: Context,
  ): Promise<GroupView> {
    return addGroupMember(ctx, group, { email, project });
  }

  @Mutation(() => GroupType, {
    description:
      'For administrators: takes out whom an administrator put in; a membership by rule stays.',
  })
  removeGroupMember(
    @Arg('group', () => String, { description: 'Name of the group.' }) group: string,
    @Arg('email', () => String, { nullable: true, description: 'Of the person.' })
    email: string | null,
    @Arg('project', () => String, {
      nullable: true,
      description: 'Slug of a project, instead of an address.',
    })
    project: string | null,
    @Ctx() ctx: Context,
  ): Promise<GroupView> {
    return removeGroupMember(ctx, group, { email, project });
  }

  @FieldResolver(() => GroupAccessType, { description: 'What it says of models.' })
  access(@Root() { access }: GroupView): GroupAccessType {
    return {
      default: access.default,
      allowed: namesOf(access, 'allowed'),
      blocked: namesOf(access, 'blocked'),
    };
  }

  @FieldResolver(() => GroupMemberPageType, {
    description: 'Who is in it by rule or by hand; not those whom the configuration file names.',
  })
  members(
    @Root() { name }: GroupView,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, up to 200.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `next` of the page before.' })
    after: string | null,
    @Ctx() ctx: Context,
  ): Promise<Page<GroupMember>> {
    return memberList(ctx, name, { first, after: after ?? null });
  }
}

const namesOf = ({ models }: AccessRules, says: Access): string[] =>
  [...models].filter(([, access]) => access === says).map(([model]) => model);
