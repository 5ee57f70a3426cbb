import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Decimal } from '../kernel/decimal.type.ts';
import type { FailureCode } from '../kernel/failure.ts';
import { FailureCodeEnum } from '../kernel/failure.type.ts';
import { ChatSettingsType } from './chat-settings.type.ts';
import type { Message, MessageRole, MessageStatus, Rating } from './message.entity.ts';

const MessageRoleEnum = { USER: 'user', ASSISTANT: 'assistant' } as const;
registerEnumType(MessageRoleEnum, {
  name: 'MessageRole',
  description: 'Who said it: a person or a model.',
  valuesConfig: { USER: { description: 'A person.' }, ASSISTANT: { description: 'A model.' } },
});

const MessageStatusEnum = {
  STREAMING: 'streaming',
  FINISHED: 'finished',
  STOPPED: 'stopped',
  INTERRUPTED: 'interrupted',
  FAILED: 'failed',
} as const;
registerEnumType(MessageStatusEnum, {
  name: 'MessageStatus',
  description:
    'How far a message is: being written, whole, stopped by a person, cut off with the server, or failed.',
  valuesConfig: {
    STREAMING: { description: 'It is being written.' },
    FINISHED: { description: 'It is whole.' },
    STOPPED: { description: 'A person stopped it.' },
    INTERRUPTED: { description: 'The server was closed or died.' },
    FAILED: { description: 'It failed; `failure` says why.' },
  },
});

export const RatingEnum = { UP: 'up', DOWN: 'down' } as const;
registerEnumType(RatingEnum, {
  name: 'Rating',
  description: 'Whether an answer was any good.',
  valuesConfig: { UP: { description: 'It was good.' }, DOWN: { description: 'It was not.' } },
});

@ObjectType('MessageFailure', {
  description: 'Why an answer failed, in words for the person who asked.',
})
export class MessageFailureType {
  @Field(() => FailureCodeEnum, { description: 'The same codes as errors have.' })
  code!: FailureCode;

  @Field(() => String, { description: 'Fit to be shown.' })
  message!: string;
}

type Promised = Omit<
  Message,
  'failureCode' | 'failureMessage' | 'replicaId' | 'isStreaming' | 'finishReason'
>;

@ObjectType('Message', { description: 'What a person or a model said. Messages form a tree.' })
export class MessageType implements Promised {
  @Field(() => ID, { description: 'Identifies the message.' })
  id!: string;

  @Field(() => ID, { description: 'The conversation that it belongs to.' })
  conversationId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The message that it answers or follows; null for the first.',
  })
  parentId!: string | null | undefined;

  @Field(() => MessageRoleEnum, { description: 'Who said it.' })
  role!: MessageRole;

  @Field(() => MessageStatusEnum, { description: 'How far it is.' })
  status!: MessageStatus;

  @Field(() => String, {
    nullable: true,
    description: 'The model that answers; null for a person.',
  })
  model!: string | null | undefined;

  @Field(() => String, { description: 'The text, so far.' })
  content!: string;

  @Field(() => String, { description: 'What the model thought before it answered, so far.' })
  reasoning!: string;

  @Field(() => Int, { description: 'Code points in `content`: pass it as `after` to follow on.' })
  position!: number;

  @Field(() => Int, {
    description: 'Code points in `reasoning`: pass it as `reasoningAfter` to follow on.',
  })
  reasoningPosition!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Tokens that the model read; null until the answer has ended.',
  })
  inputTokens!: number | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Tokens that the model wrote, reasoning included.',
  })
  outputTokens!: number | null | undefined;

  @Field(() => Int, { nullable: true, description: 'How many of `outputTokens` were reasoning.' })
  reasoningTokens!: number | null | undefined;

  @Field(() => Decimal, { nullable: true, description: 'Coins that the answer cost.' })
  cost!: Message['cost'];

  @Field(() => Int, {
    name: 'timeToFirstTokenMs',
    nullable: true,
    description: 'Milliseconds until the first token.',
  })
  firstTokenMs!: number | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Milliseconds that the model thought; null unless it did, and until it has ended.',
  })
  reasoningMs!: number | null | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'Milliseconds from asking to the end of the answer.',
  })
  durationMs!: number | null | undefined;

  @Field(() => Float, {
    nullable: true,
    description: 'Output tokens per second of the whole duration.',
  })
  tokensPerSecond!: number | null;

  @Field(() => Date, { description: 'When it was sent, or the answer begun.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When the answer ended.' })
  finishedAt!: Date | null | undefined;

  @Field(() => ChatSettingsType, {
    nullable: true,
    description: 'What the answer was made with; null for a person.',
  })
  settings!: Message['settings'];

  @Field(() => Boolean, {
    description:
      'Whether the answer reached the tokens that it was allowed: continueAnswer goes on.',
  })
  isCutOff!: boolean;

  @Field(() => RatingEnum, { nullable: true, description: 'What you think of the answer.' })
  rating!: Rating | null | undefined;

  @Field(() => String, { nullable: true, description: 'What you had to say about the answer.' })
  ratingNote!: string | null | undefined;
}
