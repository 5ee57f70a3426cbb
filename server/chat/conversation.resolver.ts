import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import type { Page } from '../kernel/page.ts';
import type { Conversation } from './conversation.entity.ts';
import { ConversationPageType, ConversationType } from './conversation.type.ts';
import { conversationList } from './conversation-list.ts';
import { deleteConversation } from './delete-conversation.ts';
import type { Message } from './message.entity.ts';
import { MessageType } from './message.type.ts';
import { ownConversation } from './own.ts';
import { areRunning, messagesOf } from './relations.ts';
import { renameConversation } from './rename-conversation.ts';

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
    @Ctx() ctx: Context,
  ): Promise<Page<Conversation>> {
    return conversationList(ctx, { first, after: after ?? null, search: search ?? null });
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
    return batched(ctx, messagesOf, conversation.id);
  }

  @FieldResolver(() => Boolean, { description: 'Whether an answer is being written in it.' })
  isRunning(@Root() conversation: Conversation, @Ctx() ctx: Context): Promise<boolean> {
    return batched(ctx, areRunning, conversation.id);
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
      'Deletes one of your conversations, and stops what is being answered in it. Gives its id.',
  })
  deleteConversation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return deleteConversation(ctx, id);
  }
}
