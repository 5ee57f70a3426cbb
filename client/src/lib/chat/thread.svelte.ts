import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { ask, change } from '#lib/graphql/client.ts';
import {
  ConversationDocument,
  MessageDocument,
  SetActiveMessageDocument,
  StopMessageDocument,
} from '#lib/graphql/generated.ts';
import { Watched } from '#lib/graphql/watched.svelte.ts';
import { connection } from '#lib/live/connection.svelte.ts';
import { onViewerEvent } from '#lib/live/viewer-events.ts';
import { comparedWith, shownBranch, siblingsOf } from './branch.ts';
import { LiveAnswer, type Message } from './live-answer.svelte.ts';

/** What a person said and the answers to it. */
export interface Turn {
  readonly id: string;
  readonly messages: readonly Message[];
}

function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: { id: string; messages: Message[] }[] = [];
  for (const message of messages) {
    const turn = turns.at(-1);
    if (turn && message.role === 'ASSISTANT') turn.messages.push(message);
    else turns.push({ id: message.id, messages: [message] });
  }
  return turns;
}

let askedEarly: string | undefined;

/**
 * Has a conversation that was asked for while the page that shows it was still on its way read into the cache.
 *
 * @param response to the query of the conversation
 */
export function askEarly(id: string, response: Promise<Response>): void {
  askedEarly = id;
  const responses = [response];
  void ask(ConversationDocument, { id }, (...request) => responses.pop() ?? fetch(...request));
}

/** One open conversation: its messages, and those of its answers that are being written. */
export class Thread {
  readonly id: string;
  readonly live = new SvelteMap<string, LiveAnswer>();
  /** What the reader wants of the answers to a question, by its id. */
  readonly #isSideBySide = new SvelteMap<string | null, boolean>();
  readonly #query;

  constructor(id: string) {
    this.id = id;
    this.#query = new Watched(ConversationDocument, { id });
  }

  readonly conversation = $derived.by(() => this.#query.data?.conversation);
  readonly #all = $derived.by<readonly Message[]>(() => this.conversation?.messages ?? []);
  /** Of the branch that is shown. */
  readonly messages = $derived.by(() => shownBranch(this.#all, this.conversation?.activeMessageId));
  readonly #siblings = $derived.by(() => siblingsOf(this.#all));
  readonly turns = $derived.by(() => turnsOf(this.messages));
  /** Of the branch, and what stands beside it. */
  readonly #visible = $derived.by(() =>
    this.messages.flatMap((message) => {
      const beside = this.beside(message);
      return beside.length > 0 ? beside : [message];
    }),
  );
  readonly streaming = $derived.by(() =>
    this.#visible.filter((message) => message.status === 'STREAMING'),
  );
  readonly running = $derived.by(() => this.streaming.at(-1));

  /** The newest message of all branches: ids sort by time. */
  get lastId(): string {
    return (
      this.#all
        .map(({ id }) => id)
        .sort()
        .at(-1) ?? ''
    );
  }

  /** How many messages there are, in all branches. */
  get size(): number {
    return this.#all.length;
  }

  /** A message of any branch. */
  find(id: string): Message | undefined {
    return this.#all.find((message) => message.id === id);
  }

  /** What was said at the place of this message, itself included, oldest first. */
  siblingsOf(message: Message): readonly Message[] {
    return this.#siblings.get(message.parentId) ?? [message];
  }

  /** The answers of several models to the question of this one, itself included. */
  comparable(answer: Message): readonly Message[] {
    return comparedWith(this.siblingsOf(answer), answer);
  }

  /** Those of them that are to be seen side by side: without a word from the reader, those that nothing follows. */
  beside(answer: Message): readonly Message[] {
    const isWanted = this.#isSideBySide.get(answer.parentId);
    const isLast = answer.parentId === this.messages.at(-1)?.parentId;
    return (isWanted ?? isLast) ? this.comparable(answer) : [];
  }

  putSideBySide({ parentId }: Message, isSideBySide: boolean): void {
    this.#isSideBySide.set(parentId, isSideBySide);
  }

  get failure() {
    return this.conversation ? undefined : this.#query.failure;
  }

  refresh() {
    return this.#query.refresh();
  }

  /** `isComplete`: everything is in the cache, because it was sent from here a moment ago. */
  open(isComplete: boolean): () => void {
    const isAsked = isComplete || askedEarly === this.id;
    askedEarly = undefined;
    const leave = [
      this.#query.watch(isAsked ? 'cache-first' : 'cache-and-network'),
      connection.onReturn(() => void this.refresh()),
      onViewerEvent((event) => {
        if (event.__typename === 'MessageChanged') this.#lookAt(event.message);
      }),
    ];
    return () => {
      for (const end of leave) end();
      for (const answer of this.live.values()) answer.stop();
      this.live.clear();
    };
  }

  /** An answer that is followed tells its end itself, and what a person said never changes. */
  #lookAt({ id, conversationId }: { id: string; conversationId: string }): void {
    if (conversationId !== this.id || this.live.has(id)) return;
    if (this.find(id)?.role !== 'USER') void ask(MessageDocument, { id });
  }

  /** Follows what is being written and lets go of what has ended. To be run whenever the messages change. */
  followAnswers(): void {
    const streaming = this.streaming;
    untrack(() => {
      for (const [id, answer] of this.live) {
        if (streaming.some((message) => message.id === id)) continue;
        answer.stop();
        this.live.delete(id);
      }
      for (const message of streaming) {
        if (!this.live.has(message.id)) this.live.set(message.id, new LiveAnswer(message));
      }
    });
  }

  /** Begins anew to follow an answer that could not be followed any more. */
  follow(answer: Message): void {
    this.live.get(answer.id)?.stop();
    this.live.set(answer.id, new LiveAnswer(answer));
  }

  /** Shows the branch through this message. */
  async show(message: Message) {
    return (await change(SetActiveMessageDocument, { id: message.id })).failure;
  }

  async stop({ id }: Message) {
    return (await change(StopMessageDocument, { id })).failure;
  }

  /** Stops all that is being written. */
  async stopAnswers() {
    const failures = await Promise.all(this.streaming.map((message) => this.stop(message)));
    return failures.find((failure) => failure !== undefined);
  }
}
