import { change } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import {
  type ChatSettingsInput,
  ContinueAnswerDocument,
  EditMessageDocument,
  type EditMessageInput,
  RegenerateAnswerDocument,
  SendMessageDocument,
  type SendMessageInput,
} from '#lib/graphql/generated.ts';
import type { Outcome } from '#lib/graphql/outcome.ts';
import { arrivedIn } from './arrived.ts';
import type { Written } from './draft.svelte.ts';
import type { Message } from './live-answer.svelte.ts';
import { forget, type Sent, sentOf } from './sent.ts';

interface Pending {
  readonly written: Written;
  /** Where it is being sent; undefined begins a conversation. */
  readonly conversationId: string | undefined;
  /** How many messages there were, and so whether this one has come in by another way. */
  readonly messageCount: number;
}

export interface Letter {
  readonly conversationId: string | undefined;
  readonly model: string;
  /** How many messages are shown. */
  readonly messageCount: number;
  /** The newest message of the conversation; empty when there is none. */
  readonly lastId: string;
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
  /** That to the last message. */
  answerId: string | undefined;

  /** Gives the conversation's id when the message has arrived. */
  async send(written: Written, letter: Letter): Promise<string | undefined> {
    const { messageCount, lastId, ...rest } = letter;
    const { conversationId } = rest;
    const { text, files } = written;
    this.failure = undefined;
    this.answerId = undefined;
    this.pending = { written, conversationId, messageCount };
    const sent = sentOf({ conversationId, text, lastId });
    const { data, failure } = await this.#post(
      { ...rest, content: text, uploadIds: files.map(({ id }) => id) },
      sent,
    );
    // Only what was never answered may have arrived all the same.
    if (failure?.code !== 'UNREACHABLE') forget(sent);
    this.failure = failure;
    if (failure) this.pending = undefined;
    this.sentTo = data ?? this.sentTo;
    return data;
  }

  /** Gives the conversation's id. */
  async #post(input: SendMessageInput, sent: Sent): Promise<Outcome<string>> {
    const { data, failure } = await change(SendMessageDocument, { input }, sent.key);
    this.answerId = data?.sendMessage.assistantMessage.id;
    if (data) return { data: data.sendMessage.conversation.id };
    if (!failure.reason?.startsWith('idempotency_')) return { failure };
    const arrived = await arrivedIn(sent);
    if (arrived !== undefined) return { data: arrived };
    forget(sent);
    return this.#post(input, sentOf(sent));
  }

  /** Each gives the conversation's id when the answer has begun. */
  async regenerate(
    id: string,
    how: { readonly model: string | undefined; readonly isShown: boolean },
  ): Promise<string | undefined> {
    const outcome = await change(RegenerateAnswerDocument, { id, ...how });
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

  /** What to show as sent, unless the conversation shows it already. */
  shownIn(conversationId: string | undefined, messages: readonly Message[]): Written | undefined {
    const { pending } = this;
    if (!pending || pending.conversationId !== conversationId) return undefined;
    return messages.length === pending.messageCount ? pending.written : undefined;
  }

  arrived(): void {
    this.pending = undefined;
  }
}
