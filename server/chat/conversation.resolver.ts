import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import type { Page } from '../kernel/page.ts';
import {
  pinConversation,
  renameConversation,
  restoreConversation,
  setConversationSettings,
} from './change-conversation.ts';
import { ChatSettingsType } from './chat-settings.type.ts';
import type { Conversation } from './conversation.entity.ts';
import {
  ConversationFilterInput,
  ConversationPageType,
  ConversationType,
} from './conversation.type.ts';
import { conversationList } from './conversation-list.ts';
import { deleteConversation } from './delete-conversation.ts';
import type { Message } from './message.entity.ts';
import { MessageType } from './message.type.ts';
import { ownConversation } from './own.ts';
import { purgeConversation } from './purge-conversation.ts';
import { goneAt } from './purge-conversations.ts';
import { areRunning, messagesAsked } from './relations.ts';
import { setActiveMessage } from './set-active-message.ts';

@Resolver(() => ConversationType)
export class ConversationResolver {
  @Query(() => ConversationPageType, {
    description: 'Your conversations, the one that changed last first.',
  })
  conversations(
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, up to 200.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `next` of the page before.' })
    after: string | null,
    @Arg('search', () => String, {
      nullable: true,
      description: 'Words that their titles contain.',
    })
    search: string | null,
    @Arg('filter', () => ConversationFilterInput, {
      defaultValue: {},
      description: 'Which ones; by default all but those that were deleted.',
    })
    filter: ConversationFilterInput,
    @Ctx() ctx: Context,
  ): Promise<Page<Conversation>> {
    return conversationList(ctx, { first, after: after ?? null, search: search ?? null, filter });
  }

  @Query(() => ConversationType, { description: 'One of your conversations.' })
  conversation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Conversation> {
    return ownConversation(ctx, id);
  }

  @FieldResolver(() => [MessageType], {
    description: 'All its messages, oldest first; `parentId` makes them a tree.',
  })
  messages(@Root() conversation: Conversation, @Ctx() ctx: Context): Promise<readonly Message[]> {
    return batched(ctx, messagesAsked, conversation.id);
  }

  @FieldResolver(() => Boolean, { description: 'Whether an answer is being written in it.' })
  isRunning(@Root() conversation: Conversation, @Ctx() ctx: Context): Promise<boolean> {
    return batched(ctx, areRunning, conversation.id);
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description: 'When it is gone for good; null when it stays, deleted or not.',
  })
  goneAt(@Root() conversation: Conversation, @Ctx() { config }: Context): Date | null {
    return goneAt(config, conversation);
  }

  @Mutation(() => ConversationType, { description: 'Gives one of your conversations a new title.' })
  renameConversation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Arg('title', () => String, { description: 'One line, up to 200 characters.' }) title: string,
    @Ctx() ctx: Context,
  ): Promise<Conversation> {
    return renameConversation(ctx, id, title);
  }

  @Mutation(() => ID, {
    description:
      'Deletes one of your conversations, and stops what is being answered in it. Gives its id. It can be restored for twenty seconds, and as long as it is kept hidden.',
  })
  deleteConversation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return deleteConversation(ctx, id);
  }

  @Mutation(() => ConversationType, {
    description: 'Brings back a conversation that was deleted, as long as it is not gone.',
  })
  restoreConversation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Conversation> {
    return restoreConversation(ctx, id);
  }

  @Mutation(() => ID, {
    description: 'Removes one of your deleted conversations at once and for good. Gives its id.',
  })
  purgeConversation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return purgeConversation(ctx, id);
  }

  @Mutation(() => ConversationType, {
    description: 'Keeps one of your conversations at hand, or no longer.',
  })
  pinConversation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Arg('isPinned', () => Boolean, { defaultValue: true, description: 'Whether it is.' })
    isPinned: boolean,
    @Ctx() ctx: Context,
  ): Promise<Conversation> {
    return pinConversation(ctx, id, isPinned);
  }

  @Mutation(() => ConversationType, {
    description: 'Sets what the next answers in one of your conversations are made with.',
  })
  setConversationSettings(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Arg('settings', () => ChatSettingsType, {
      description: 'All of them: what is left out is unset.',
    })
    settings: ChatSettingsType,
    @Ctx() ctx: Context,
  ): Promise<Conversation> {
    return setConversationSettings(ctx, id, settings);
  }

  @Mutation(() => ConversationType, {
    description: 'Shows another branch of a conversation: that through a message, to its end.',
  })
  setActiveMessage(
    @Arg('id', () => ID, { description: 'The message.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Conversation> {
    return setActiveMessage(ctx, id);
  }
}
