import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { definedAt } from './defined-at.ts';
import { GroupType } from './group.type.ts';
import type { GroupView } from './group-list.ts';
import { importMembers, type MembersImport, previewImport } from './import-members.ts';
import { MembersImportType } from './members-import.type.ts';

const FILE = {
  description:
    'A table in CSV with e-mail addresses: comma or semicolon, with or without headings; up to 1 MB and 10,000 lines.',
};

@Resolver(() => GroupType)
export class GroupImportResolver {
  @Query(() => MembersImportType, {
    description: 'For administrators: what `importGroupMembers` would do. Nothing is changed.',
  })
  previewMembersImport(
    @Arg('group', () => String, { description: 'Name of the group.' }) group: string,
    @Arg('file', () => String, FILE) file: string,
    @Ctx() ctx: Context,
  ): Promise<MembersImport> {
    return previewImport(ctx, group, file);
  }

  @Mutation(() => MembersImportType, {
    description:
      'For administrators: puts the people of a file into a group, all of those who are known and not in it, or none.',
  })
  importGroupMembers(
    @Arg('group', () => String, { description: 'Name of the group.' }) group: string,
    @Arg('file', () => String, FILE) file: string,
    @Ctx() ctx: Context,
  ): Promise<MembersImport> {
    return importMembers(ctx, group, file);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Where the configuration file defines it, as `config.yaml:12`; null for a group that was made here.',
  })
  definedAt(@Root() { name, isLocked }: GroupView, @Ctx() ctx: Context): Promise<string | null> {
    return isLocked ? definedAt(ctx, name) : Promise.resolve(null);
  }
}
