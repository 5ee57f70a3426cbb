import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { batched } from '../db/batched.ts';
import { uploadsOf } from '../upload/message-uploads.ts';
import type { Upload } from '../upload/upload.ts';
import { UploadType } from '../upload/upload.type.ts';
import { continueAnswer, regenerateAnswer } from './answer-again.ts';
import type { BegunTurn } from './begin-turn.ts';
import {
  AnswerPayload,
  EditMessageInput,
  SendMessageInput,
  SendMessagePayload,
  sendMessageOf,
} from './conversation.type.ts';
import type { Message, Rating } from './message.entity.ts';
import { MessageFailureType, MessageType, RatingEnum } from './message.type.ts';
import { ownMessage } from './own.ts';
import { rateMessage } from './rate-message.ts';
import { editMessage, sendMessage } from './send-message.ts';
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

  @FieldResolver(() => [UploadType], {
    description: 'The files that came with it, in their order; none with an answer.',
  })
  uploads(@Root() { id, role }: Message, @Ctx() ctx: Context): Promise<readonly Upload[]> | [] {
    return role === 'user' ? batched(ctx, uploadsOf, id) : [];
  }

  @Query(() => MessageType, { description: 'One message of a conversation of yours, by its id.' })
  message(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<Message> {
    return ownMessage(ctx, id);
  }

  @Mutation(() => SendMessagePayload, {
    description: 'Says something, and has a model answer it. Gives at once what was stored.',
  })
  sendMessage(
    @Arg('input', () => SendMessageInput, { description: 'The text, its place and the model.' })
    input: SendMessageInput,
    @Ctx() ctx: Context,
  ): Promise<BegunTurn> {
    return sendMessage(ctx, sendMessageOf(input));
  }

  @Mutation(() => SendMessagePayload, {
    description:
      'Says something else in the place of an earlier message of yours, and has it answered. What was said stays, as another branch.',
  })
  editMessage(
    @Arg('input', () => EditMessageInput, { description: 'The message, the text and the model.' })
    { id, content, model }: EditMessageInput,
    @Ctx() ctx: Context,
  ): Promise<BegunTurn> {
    return editMessage(ctx, { id, content, model: model ?? null });
  }

  @Mutation(() => AnswerPayload, {
    description:
      'Has a question answered once more, beside the answers that it has. Several models can answer side by side.',
  })
  regenerateAnswer(
    @Arg('id', () => ID, { description: 'An answer to the question.' }) id: string,
    @Arg('model', () => String, {
      nullable: true,
      description: 'Who is to answer; left out, the same model.',
    })
    model: string | null,
    @Arg('isShown', () => Boolean, {
      defaultValue: true,
      description: 'Whether the conversation goes on from it; false leaves the branch as it is.',
    })
    isShown: boolean,
    @Ctx() ctx: Context,
  ): Promise<BegunTurn> {
    return regenerateAnswer(ctx, id, { model: model ?? null, isShown });
  }

  @Mutation(() => AnswerPayload, {
    description:
      'Has a model go on where an answer was stopped, interrupted or cut off. Gives an answer beside it, which begins with the text that there was; its tokens and its cost are those of what is added.',
  })
  continueAnswer(
    @Arg('id', () => ID, { description: 'The answer that has ended too early.' }) id: string,
    @Arg('model', () => String, {
      nullable: true,
      description: 'Who is to go on; left out, the same model.',
    })
    model: string | null,
    @Ctx() ctx: Context,
  ): Promise<BegunTurn> {
    return continueAnswer(ctx, id, model ?? null);
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

  @Mutation(() => MessageType, { description: 'Says what you think of an answer.' })
  rateMessage(
    @Arg('id', () => ID, { description: 'The answer.' }) id: string,
    @Arg('rating', () => RatingEnum, { nullable: true, description: 'Left out, none any more.' })
    rating: Rating | null,
    @Arg('note', () => String, { nullable: true, description: 'Why; up to 2,000 characters.' })
    note: string | null,
    @Ctx() ctx: Context,
  ): Promise<Message> {
    return rateMessage(ctx, id, { rating: rating ?? null, note: note ?? null });
  }
}
