import { defineEntity, p } from '@mikro-orm/core';
import type { Coins } from '../kernel/coins.ts';
import type { FailureCode } from '../kernel/failure.ts';
import { codePoints } from '../live/turn-text.ts';
import type { ChatSettings } from './chat-settings.ts';

export type MessageRole = 'user' | 'assistant';
export type Rating = 'up' | 'down';
export type MessageStatus = 'streaming' | 'finished' | 'stopped' | 'interrupted' | 'failed';

const MessageSchema = defineEntity({
  name: 'Message',
  properties: {
    id: p.uuid().primary(),
    conversationId: p.uuid(),
    parentId: p.uuid().nullable(),
    role: p.string().$type<MessageRole>(),
    status: p.string().$type<MessageStatus>(),
    model: p.string().nullable(),
    content: p.text(),
    reasoning: p.text(),
    inputTokens: p.integer().nullable(),
    outputTokens: p.integer().nullable(),
    reasoningTokens: p.integer().nullable(),
    cost: p.bigint().$type<Coins>().nullable(),
    firstTokenMs: p.integer().nullable(),
    reasoningMs: p.integer().nullable(),
    durationMs: p.integer().nullable(),
    failureCode: p.string().$type<FailureCode>().nullable(),
    failureMessage: p.string().nullable(),
    replicaId: p.uuid().nullable(),
    createdAt: p.datetime(),
    finishedAt: p.datetime().nullable(),
    settings: p.json().$type<ChatSettings>().nullable(),
    finishReason: p.string().nullable(),
    rating: p.string().$type<Rating>().nullable(),
    ratingNote: p.string().nullable(),
  },
});

/** What a person or a model said; an answer carries what it took to make it. */
export class Message extends MessageSchema.class {
  /** Length of the content so far, in code points. */
  get position(): number {
    return codePoints(this.content);
  }

  get reasoningPosition(): number {
    return codePoints(this.reasoning);
  }

  get isStreaming(): boolean {
    return this.status === 'streaming';
  }

  /** Whether the model wrote as much as it was allowed to, and would have gone on. */
  get isCutOff(): boolean {
    return this.finishReason === 'length';
  }

  /** Of the whole duration; null until the answer has ended. */
  get tokensPerSecond(): number | null {
    if (!this.outputTokens || !this.durationMs) return null;
    return Math.round((this.outputTokens / this.durationMs) * 10_000) / 10;
  }
}
MessageSchema.setClass(Message);
