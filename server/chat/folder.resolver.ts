import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import type { Conversation } from './conversation.entity.ts';
import { ConversationType } from './conversation.type.ts';
import type { Folder } from './folder.entity.ts';
import { FolderType } from './folder.type.ts';
import {
  createFolder,
  deleteFolder,
  folderList,
  moveConversation,
  renameFolder,
} from './folders.ts';

@Resolver()
export class FolderResolver {
  @Query(() => [FolderType], { description: 'Your folders, by name.' })
  folders(@Ctx() ctx: Context): Promise<readonly Folder[]> {
    return folderList(ctx);
  }

  @Mutation(() => FolderType, { description: 'Makes a folder for your conversations.' })
  createFolder(
    @Arg('name', () => String, { description: 'One line, up to 100 characters.' }) name: string,
    @Ctx() ctx: Context,
  ): Promise<Folder> {
    return createFolder(ctx, name);
  }

  @Mutation(() => FolderType, { description: 'Gives one of your folders a new name.' })
  renameFolder(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Arg('name', () => String, { description: 'One line, up to 100 characters.' }) name: string,
    @Ctx() ctx: Context,
  ): Promise<Folder> {
    return renameFolder(ctx, id, name);
  }

  @Mutation(() => ID, {
    description: 'Deletes a folder; the conversations in it stay. Gives its id.',
  })
  deleteFolder(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return deleteFolder(ctx, id);
  }

  @Mutation(() => ConversationType, {
    description: 'Puts one of your conversations into a folder, or out of it.',
  })
  moveConversation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Arg('folderId', () => ID, { nullable: true, description: 'Left out, into none.' })
    folderId: string | null,
    @Ctx() ctx: Context,
  ): Promise<Conversation> {
    return moveConversation(ctx, id, folderId ?? null);
  }
}
