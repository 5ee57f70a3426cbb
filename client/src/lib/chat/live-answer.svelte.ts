import { ask } from '#lib/graphql/client.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import {
  type MessageBodyFragment,
  MessageDocument,
  MessageStreamDocument,
  type MessageStreamSubscription,
} from '#lib/graphql/generated.ts';
import { hear } from '#lib/graphql/heard.ts';
import { follow } from '#lib/live/follow.ts';
import { Paced } from './paced.ts';
import { addition, codePoints } from './passage.ts';
import { measuredReasoning } from './reasoning-time.ts';

export type Message = MessageBodyFragment;
type StreamEvent = MessageStreamSubscription['e'];
type Chunk = Extract<StreamEvent, { __typename: 'MessageChunk' }>;
type Lengths = Extract<StreamEvent, { __typename: 'MessageFinished' }>['message'];

/** An answer while it is being written. It knows its own position, from which it resumes whatever happens. */
export class LiveAnswer {
  /** What the reader sees; up to a frame behind what has arrived. */
  content = $state('');
  reasoning = $state('');
  failure = $state.raw<Failure>();
  #content: string;
  #reasoning: string;
  #position: number;
  #reasoningPosition: number;
  /** When the first thought came, by the clock of this page; undefined when that was not seen. */
  #thinkingSince: number | undefined;
  readonly #id: string;
  readonly #paced = new Paced(() => this.#show());
  readonly #leave: () => void;
  readonly #deafen: () => void;

  constructor(message: Message) {
    this.#id = message.id;
    this.content = this.#content = message.content;
    this.reasoning = this.#reasoning = message.reasoning;
    this.#position = codePoints(message.content);
    this.#reasoningPosition = codePoints(message.reasoning);
    this.#deafen = hear(message.id, () => ({ content: this.#content, reasoning: this.#reasoning }));
    this.#leave = follow(MessageStreamDocument, {
      variables: () => ({
        messageId: message.id,
        after: this.#position,
        reasoningAfter: this.#reasoningPosition,
      }),
      receive: ({ e }) => this.#receive(e),
      refused: (failure) => {
        this.failure = failure;
      },
    });
  }

  stop(): void {
    this.#leave();
    this.#deafen();
    this.#paced.stop();
  }

  #receive(event: StreamEvent): 'on' | 'again' | 'over' {
    if (event.__typename === 'MessageFinished') {
      this.#finish(event.message);
      return 'over';
    }
    return this.#add(event) ? 'on' : 'again';
  }

  /** What was heard is in the cache by now. It is the whole text, unless the server could not store all that it said. */
  #finish({ position, reasoningPosition }: Lengths): void {
    if (position === this.#position && reasoningPosition === this.#reasoningPosition) return;
    void ask(MessageDocument, { id: this.#id });
  }

  #add({ p: position, q: reasoningPosition, c, r }: Chunk): boolean {
    const content = addition(this.#position, { position, content: c });
    const reasoning = addition(this.#reasoningPosition, {
      position: reasoningPosition,
      content: r,
    });
    if (content === undefined || reasoning === undefined) return false;
    this.#measure(content, reasoning);
    this.#content += content;
    this.#reasoning += reasoning;
    this.#position = Math.max(this.#position, position);
    this.#reasoningPosition = Math.max(this.#reasoningPosition, reasoningPosition);
    this.#paced.request();
    return true;
  }

  #measure(content: string, reasoning: string): void {
    if (reasoning && !this.#reasoning) this.#thinkingSince = performance.now();
    if (!content || this.#content || this.#thinkingSince === undefined) return;
    measuredReasoning(this.#id, performance.now() - this.#thinkingSince);
  }

  #show(): void {
    this.content = this.#content;
    this.reasoning = this.#reasoning;
  }
}
