import type { Failure } from '#lib/graphql/failure.ts';
import {
  type MessageBodyFragment,
  MessageStreamDocument,
  type MessageStreamSubscription,
} from '#lib/graphql/generated.ts';
import { follow } from '#lib/live/follow.ts';
import { Paced } from './paced.ts';
import { addition } from './passage.ts';
import { measuredReasoning } from './reasoning-time.ts';

export type Message = MessageBodyFragment;
type StreamEvent = MessageStreamSubscription['messageStream'];
type Chunk = Extract<StreamEvent, { __typename: 'MessageChunk' }>;

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

  constructor(message: Message) {
    this.#id = message.id;
    this.content = this.#content = message.content;
    this.reasoning = this.#reasoning = message.reasoning;
    this.#position = message.position;
    this.#reasoningPosition = message.reasoningPosition;
    this.#leave = follow(MessageStreamDocument, {
      variables: () => ({
        messageId: message.id,
        after: this.#position,
        reasoningAfter: this.#reasoningPosition,
      }),
      receive: ({ messageStream }) => this.#receive(messageStream),
      refused: (failure) => {
        this.failure = failure;
      },
    });
  }

  stop(): void {
    this.#leave();
    this.#paced.stop();
  }

  #receive(event: StreamEvent): 'on' | 'again' | 'over' {
    // The final message is in the cache already, and what shows this answer takes it from there.
    if (event.__typename === 'MessageFinished') return 'over';
    return this.#add(event) ? 'on' : 'again';
  }

  #add(chunk: Chunk): boolean {
    const content = addition(this.#position, chunk);
    const reasoning = addition(this.#reasoningPosition, {
      position: chunk.reasoningPosition,
      content: chunk.reasoning,
    });
    if (content === undefined || reasoning === undefined) return false;
    this.#measure(content, reasoning);
    this.#content += content;
    this.#reasoning += reasoning;
    this.#position = Math.max(this.#position, chunk.position);
    this.#reasoningPosition = Math.max(this.#reasoningPosition, chunk.reasoningPosition);
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
