import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { SendMessageInput, SendMessagePayload, sendMessageOf } from './conversation.type.ts';
import type { Message } from './message.entity.ts';
import { MessageFailureType, MessageType } from './message.type.ts';
import { type SentMessage, sendMessage } from './send-message.ts';
import { stopMessage } from './stop-message.ts';

@Resolver(() => MessageType)
export class MessageResolver {
  @FieldResolver(() => MessageFailureType, {
    nullable: true,
    description: 'Why it failed; null unless it did.',
  })
  failure(
    @Root() { failureCode: code, failureMessage: message }: Message,
  ): MessageFailureType | null {
    return code && message ? { code, message } : null;
  }

  @Mutation(() => SendMessagePayload, {
    description: 'Says something, and has a model answer it. Gives at once what was stored.',
  })
  sendMessage(
    @Arg('input', () => SendMessageInput, { description: 'The text, its place and the model.' })
    input: SendMessageInput,
    @Ctx() ctx: Context,
  ): Promise<SentMessage> {
    return sendMessage(ctx, sendMessageOf(input));
  }

  @Mutation(() => MessageType, {
    description: 'Stops an answer that is being written; what was written stays, and is paid for.',
  })
  stopMessage(
    @Arg('id', () => ID, { description: 'The answer that is being written.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Message> {
    return stopMessage(ctx, id);
  }
}
