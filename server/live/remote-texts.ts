/**
 * Texts of running answers that other replicas may want to watch. Redis holds each text whole, under two keys that only
 * grow, and tells every growth on a channel: a watcher subscribes first, then reads the keys, and applies only growth
 * that lies beyond what it read. So it misses nothing and repeats nothing.
 */
import type { Redis } from 'ioredis';
import type { WatchedText } from './bus.ts';
import { TextReader, TurnText } from './turn-text.ts';

const PREFIX = 'lumen:text:';
const FRAME_MS = 25;
/** A text outlives its last growth by this long, for the case that its writer dies. */
const KEPT_SECONDS = 900;
const FROM_START = { content: 0, reasoning: 0 };

interface Growth {
  readonly content: string;
  readonly reasoning: string;
  readonly position: number;
  readonly reasoningPosition: number;
  readonly isEnd?: true;
}

interface Mirror {
  readonly text: TurnText;
  readonly ready: Promise<boolean>;
  readers: number;
  /** Growth that arrived before the stored text was read. */
  early: Growth[] | null;
}

export class RemoteTexts {
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  readonly #failed: (error: Error) => void;
  readonly #mirrors = new Map<string, Mirror>();

  constructor(commands: Redis, subscriber: Redis, failed: (error: Error) => void) {
    this.#commands = commands;
    this.#subscriber = subscriber;
    this.#failed = failed;
    subscriber.on('message', (channel: string, message: string) =>
      this.#received(channel, message),
    );
  }

  /** Sends what is appended to `text` to Redis, a frame at a time. */
  writer(id: string, text: TurnText): { changed(): void; end(): void } {
    const reader = new TextReader(text, FROM_START);
    let timer: NodeJS.Timeout | undefined;
    const flush = () => {
      timer = undefined;
      const piece = reader.next();
      if (piece) this.#grow(id, piece);
    };
    this.#grow(id, { content: '', reasoning: '', position: 0, reasoningPosition: 0 });
    return {
      changed: () => {
        timer ??= setTimeout(flush, FRAME_MS);
      },
      end: () => {
        clearTimeout(timer);
        flush();
        this.end(id);
      },
    };
  }

  /** A text that another replica writes; null when there is none. */
  async watch(id: string): Promise<WatchedText | null> {
    const mirror = this.#mirrors.get(id) ?? this.#open(id);
    mirror.readers += 1;
    const release = () => this.#release(id, mirror);
    const exists = await mirror.ready;
    if (exists) return { text: mirror.text, release };
    release();
    return null;
  }

  end(id: string): void {
    const growth = {
      content: '',
      reasoning: '',
      position: 0,
      reasoningPosition: 0,
      isEnd: true,
    } as const;
    this.#commands
      .multi()
      .del(contentKey(id), reasoningKey(id))
      .publish(PREFIX + id, JSON.stringify(growth))
      .exec()
      .catch(this.#failed);
  }

  close(): void {
    for (const mirror of this.#mirrors.values()) mirror.text.end();
    this.#mirrors.clear();
  }

  #grow(id: string, growth: Growth): void {
    this.#commands
      .multi()
      .append(contentKey(id), growth.content)
      .append(reasoningKey(id), growth.reasoning)
      .expire(contentKey(id), KEPT_SECONDS)
      .expire(reasoningKey(id), KEPT_SECONDS)
      .publish(PREFIX + id, JSON.stringify(growth))
      .exec()
      .catch(this.#failed);
  }

  #open(id: string): Mirror {
    const mirror: Mirror = {
      text: new TurnText(),
      ready: Promise.resolve(false),
      readers: 0,
      early: [],
    };
    const opened = Object.assign(mirror, { ready: this.#load(id, mirror).catch(() => false) });
    this.#mirrors.set(id, opened);
    return opened;
  }

  async #load(id: string, mirror: Mirror): Promise<boolean> {
    await this.#subscriber.subscribe(PREFIX + id);
    const [content, reasoning] = await this.#commands.mget(contentKey(id), reasoningKey(id));
    if (content == null && reasoning == null) return false;
    mirror.text.append(content ?? '', reasoning ?? '');
    const early = mirror.early ?? [];
    mirror.early = null;
    for (const growth of early) apply(mirror.text, growth);
    return true;
  }

  #received(channel: string, message: string): void {
    const mirror = channel.startsWith(PREFIX) && this.#mirrors.get(channel.slice(PREFIX.length));
    if (!mirror) return;
    const growth = JSON.parse(message) as Growth;
    if (mirror.early) mirror.early.push(growth);
    else apply(mirror.text, growth);
  }

  #release(id: string, mirror: Mirror): void {
    mirror.readers -= 1;
    if (mirror.readers > 0 || this.#mirrors.get(id) !== mirror) return;
    this.#mirrors.delete(id);
    this.#subscriber.unsubscribe(PREFIX + id).catch(this.#failed);
  }
}

function apply(text: TurnText, growth: Growth): void {
  if (growth.isEnd) text.end();
  const content = growth.position > text.content.points ? growth.content : '';
  const reasoning = growth.reasoningPosition > text.reasoning.points ? growth.reasoning : '';
  if (content !== '' || reasoning !== '') text.append(content, reasoning);
}

const contentKey = (id: string): string => `${PREFIX}${id}:content`;
const reasoningKey = (id: string): string => `${PREFIX}${id}:reasoning`;
