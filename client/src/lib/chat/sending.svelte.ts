import { change } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import { SendMessageDocument } from '#lib/graphql/generated.ts';
import type { Draft } from './draft.svelte.ts';
import type { Message } from './live-answer.svelte.ts';

interface Pending {
  readonly text: string;
  /** Where it is being sent; undefined begins a conversation. */
  readonly conversationId: string | undefined;
  /** How many messages there were, and so whether this one has come in by another way. */
  readonly messageCount: number;
}

export interface Letter {
  readonly conversationId: string | undefined;
  readonly parentId?: string;
  readonly model: string;
  readonly messages: readonly Message[];
}

/** A message on its way: it is shown at once, and it goes back into the field when it could not be sent. */
export class Sending {
  pending = $state.raw<Pending>();
  failure = $state.raw<Failure>();
  /** The conversation that the last message went to. */
  sentTo = $state<string>();

  /** Gives the conversation's id when the message has arrived. */
  async send(draft: Draft, letter: Letter): Promise<string | undefined> {
    const text = draft.hold();
    const id = await this.resend(text, letter);
    if (id === undefined) draft.restore(text);
    else draft.sent();
    return id;
  }

  async resend(text: string, letter: Letter): Promise<string | undefined> {
    const { conversationId, model, messages, parentId } = letter;
    this.failure = undefined;
    this.pending = { text, conversationId, messageCount: messages.length };
    const input = { model, content: text, conversationId, parentId };
    const { data, failure } = await change(SendMessageDocument, { input });
    this.failure = failure;
    if (failure) this.pending = undefined;
    this.sentTo = data?.sendMessage.conversation.id ?? this.sentTo;
    return data?.sendMessage.conversation.id;
  }

  /** The text to show as sent, unless the conversation shows it already. */
  shownIn(conversationId: string | undefined, messages: readonly Message[]): string | undefined {
    const { pending } = this;
    if (!pending || pending.conversationId !== conversationId) return undefined;
    return messages.length === pending.messageCount ? pending.text : undefined;
  }

  arrived(): void {
    this.pending = undefined;
  }
}
