import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Page } from '../kernel/page.ts';
import type { Conversation } from './conversation.entity.ts';
import type { Message } from './message.entity.ts';
import { MessageType } from './message.type.ts';
import type { SendMessage, SentMessage } from './send-message.ts';

@ObjectType('Conversation', { description: 'A thread of messages that one person owns.' })
export class ConversationType
  implements Pick<Conversation, 'id' | 'title' | 'model' | 'createdAt' | 'updatedAt'>
{
  @Field(() => ID, { description: 'Identifies the conversation.' })
  id!: string;

  @Field(() => String, {
    description: 'The first words of its first message, until it is renamed.',
  })
  title!: string;

  @Field(() => String, { description: 'The model that was asked last.' })
  model!: string;

  @Field(() => Date, { description: 'When it was begun.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When something was asked in it last.' })
  updatedAt!: Date;
}

@ObjectType('ConversationPage', { description: 'Part of the list of conversations.' })
export class ConversationPageType implements Page<Conversation> {
  @Field(() => [ConversationType], { description: 'The one that changed last first.' })
  nodes!: readonly Conversation[];

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` for what follows; null at the end.',
  })
  next!: string | null;
}

@InputType('SendMessageInput', { description: 'What to say, where, and to which model.' })
export class SendMessageInput {
  @Field(() => ID, { nullable: true, description: 'Left out, a new conversation begins.' })
  conversationId?: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The message to follow; left out, the newest one.',
  })
  parentId?: string;

  @Field(() => String, { description: 'Name of the model that is to answer.' })
  model!: string;

  @Field(() => String, { description: 'The text; not empty.' })
  content!: string;
}

export const sendMessageOf = ({
  conversationId,
  parentId,
  model,
  content,
}: SendMessageInput): SendMessage => ({
  conversationId: conversationId ?? null,
  parentId: parentId ?? null,
  model,
  content,
});

@ObjectType('SendMessagePayload', {
  description: 'What was stored. The answer is being written: watch it by messageStream.',
})
export class SendMessagePayload implements SentMessage {
  @Field(() => ConversationType, { description: 'The conversation, perhaps a new one.' })
  conversation!: Conversation;

  @Field(() => MessageType, { description: 'What you said.' })
  userMessage!: Message;

  @Field(() => MessageType, { description: 'The answer, empty yet.' })
  assistantMessage!: Message;
}
