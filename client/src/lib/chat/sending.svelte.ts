import { change } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import {
  type ChatSettingsInput,
  ContinueAnswerDocument,
  EditMessageDocument,
  type EditMessageInput,
  RegenerateAnswerDocument,
  SendMessageDocument,
} from '#lib/graphql/generated.ts';
import type { Outcome } from '#lib/graphql/outcome.ts';
import { arrivedIn, type Sent } from './arrived.ts';
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
  readonly model: string;
  readonly messages: readonly Message[];
  /** Of a new conversation. */
  readonly isTemporary?: boolean;
  readonly settings?: ChatSettingsInput;
}

/** A message on its way: it is shown at once, and it goes back into the field when it could not be sent. */
export class Sending {
  pending = $state.raw<Pending>();
  failure = $state.raw<Failure>();
  /** The conversation that the last message went to. */
  sentTo = $state<string>();
  /** What was sent, and nobody knows whether it arrived. */
  #lost: Sent | undefined;

  /** Gives the conversation's id when the message has arrived. */
  async send(draft: Draft, letter: Letter): Promise<string | undefined> {
    const text = draft.hold();
    const id = await this.resend(text, letter);
    if (id === undefined) draft.restore(text);
    else draft.sent();
    return id;
  }

  async resend(text: string, letter: Letter): Promise<string | undefined> {
    const { messages, ...rest } = letter;
    const { conversationId } = rest;
    this.failure = undefined;
    this.pending = { text, conversationId, messageCount: messages.length };
    const knownIds = new Set(messages.map((message) => message.id));
    const sent = { conversationId, text, knownIds, sentAt: Date.now() };
    const arrived = await this.#arrivedBefore(sent);
    if (arrived !== undefined) return arrived;
    const input = { ...rest, content: text };
    const { data, failure } = await change(SendMessageDocument, { input });
    this.failure = failure;
    if (failure) this.pending = undefined;
    this.#lost = failure?.code === 'UNREACHABLE' ? sent : undefined;
    this.sentTo = data?.sendMessage.conversation.id ?? this.sentTo;
    return data?.sendMessage.conversation.id;
  }

  /** Each gives the conversation's id when the answer has begun. */
  async regenerate(id: string, model: string | undefined): Promise<string | undefined> {
    const outcome = await change(RegenerateAnswerDocument, { id, model });
    return this.#begun(outcome, outcome.data?.regenerateAnswer.conversation.id);
  }

  async continueAnswer(id: string): Promise<string | undefined> {
    const outcome = await change(ContinueAnswerDocument, { id });
    return this.#begun(outcome, outcome.data?.continueAnswer.conversation.id);
  }

  async edit(input: EditMessageInput): Promise<string | undefined> {
    const outcome = await change(EditMessageDocument, { input });
    return this.#begun(outcome, outcome.data?.editMessage.conversation.id);
  }

  #begun(outcome: Outcome<unknown>, id: string | undefined): string | undefined {
    this.failure = outcome.failure;
    return id;
  }

  /** Where the same message is already, if it was lost on its way and has arrived all the same. */
  async #arrivedBefore(sent: Sent): Promise<string | undefined> {
    const lost = this.#lost;
    if (lost?.text !== sent.text || lost.conversationId !== sent.conversationId) return undefined;
    const id = await arrivedIn(lost);
    if (id === undefined) return undefined;
    this.#lost = undefined;
    this.sentTo = id;
    return id;
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
