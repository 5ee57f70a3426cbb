import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Page } from '../kernel/page.ts';
import type { BegunTurn } from './begin-turn.ts';
import { ChatSettingsType } from './chat-settings.type.ts';
import type { Conversation } from './conversation.entity.ts';
import type { ConversationFilter } from './conversation-list.ts';
import type { Message } from './message.entity.ts';
import { MessageType } from './message.type.ts';
import type { SendMessage } from './send-message.ts';

type Shown =
  | 'id'
  | 'title'
  | 'model'
  | 'createdAt'
  | 'updatedAt'
  | 'activeMessageId'
  | 'settings'
  | 'isTemporary'
  | 'isPinned'
  | 'folderId'
  | 'hiddenAt';

@ObjectType('Conversation', { description: 'A thread of messages that one person owns.' })
export class ConversationType implements Pick<Conversation, Shown> {
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

  @Field(() => ID, {
    nullable: true,
    description: 'The last message of the branch that is shown; null shows the newest.',
  })
  activeMessageId!: string | null | undefined;

  @Field(() => ChatSettingsType, { description: 'What its next answer is made with.' })
  settings!: Conversation['settings'];

  @Field(() => Boolean, {
    description: 'Whether it is in no list and no search, and gone a day after it was used last.',
  })
  isTemporary!: boolean;

  @Field(() => Boolean, { description: 'Whether it is kept at hand.' })
  isPinned!: boolean;

  @Field(() => ID, { nullable: true, description: 'The folder that it is in.' })
  folderId!: string | null | undefined;

  @Field(() => Date, {
    name: 'deletedAt',
    nullable: true,
    description: 'When it was deleted; null unless it was, and can be restored.',
  })
  hiddenAt!: Date | null | undefined;
}

@InputType('ConversationFilter', {
  description: 'Which conversations; all that is given must hold.',
})
export class ConversationFilterInput implements ConversationFilter {
  @Field(() => ID, { nullable: true, description: 'Those in this folder.' })
  folderId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Those that are pinned, or that are not.' })
  isPinned?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Those that were deleted and can be restored, instead of all others.',
  })
  isDeleted?: boolean | null;
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
    description: 'The message to follow; left out, the last one of the branch that is shown.',
  })
  parentId?: string;

  @Field(() => String, { description: 'Name of the model that is to answer.' })
  model!: string;

  @Field(() => String, { description: 'The text; not empty, unless files come with it.' })
  content!: string;

  @Field(() => [ID], {
    defaultValue: [],
    description: 'Your uploads that come with it, in their order; up to 10.',
  })
  uploadIds!: string[];

  @Field(() => ChatSettingsType, {
    nullable: true,
    description: 'Replaces the settings of the conversation.',
  })
  settings?: ChatSettingsType;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Of a new conversation: in no list and no search, and gone after a day.',
  })
  isTemporary?: boolean;
}

export const sendMessageOf = ({
  conversationId,
  parentId,
  model,
  content,
  uploadIds,
  settings,
  isTemporary,
}: SendMessageInput): SendMessage => ({
  conversationId: conversationId ?? null,
  parentId: parentId ?? null,
  model,
  content,
  uploadIds,
  settings: settings ?? null,
  isTemporary: isTemporary ?? false,
});

@ObjectType('SendMessagePayload', {
  description: 'What was stored. The answer is being written: watch it by messageStream.',
})
export class SendMessagePayload implements BegunTurn {
  @Field(() => ConversationType, { description: 'The conversation, perhaps a new one.' })
  conversation!: Conversation;

  @Field(() => MessageType, { description: 'What you said.' })
  userMessage!: Message;

  @Field(() => MessageType, { description: 'The answer, empty yet.' })
  assistantMessage!: Message;
}

@InputType('EditMessageInput', {
  description: 'What to say instead of an earlier message; its uploads stay.',
})
export class EditMessageInput {
  @Field(() => ID, { description: 'The message of yours that is said anew.' })
  id!: string;

  @Field(() => String, { description: 'The text; not empty, unless files came with the message.' })
  content!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the model that is to answer; left out, the one that was asked last.',
  })
  model?: string;
}

@ObjectType('AnswerPayload', {
  description: 'An answer that is being written: watch it by messageStream.',
})
export class AnswerPayload implements Omit<BegunTurn, 'userMessage'> {
  @Field(() => ConversationType, { description: 'The conversation that it is in.' })
  conversation!: Conversation;

  @Field(() => MessageType, { description: 'The answer, begun only.' })
  assistantMessage!: Message;
}
