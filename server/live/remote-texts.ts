/**
 * Texts of running answers that other replicas may want to watch. Redis holds each text whole, under two keys that only
 * grow, and tells every growth on a channel: a watcher subscribes first, then reads the keys, and applies only growth
 * that lies beyond what it read. So it misses nothing and repeats nothing. When a connection to Redis was lost, a writer
 * begins anew with the whole text, and a watcher's text ends: its readers look at what is stored, and come back.
 */
import type { Redis } from 'ioredis';
import type { WatchedText } from './bus.ts';
import { codePoints, type TextPiece, TextReader, TurnText, unitsOf } from './turn-text.ts';

const PREFIX = 'lumen:text:';
const FRAME_MS = 25;
/** A text outlives its last growth by this long, for the case that its writer dies. */
const KEPT_SECONDS = 900;
const FROM_START = { content: 0, reasoning: 0 };
const NOTHING: TextPiece = { content: '', reasoning: '', position: 0, reasoningPosition: 0 };

interface Growth extends TextPiece {
  readonly isEnd?: true;
}

interface Mirror {
  readonly text: TurnText;
  /** Whether the text exists; settles also when the connection is lost. */
  readonly ready: PromiseWithResolvers<boolean>;
  readers: number;
  /** Growth that arrived before the stored text was read. */
  early: Growth[] | null;
}

export class RemoteTexts {
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  readonly #failed: (error: Error) => void;
  readonly #mirrors = new Map<string, Mirror>();
  /** Counts how often the connection of the writers broke: Redis may have lost what they wrote before. */
  #breaks = 0;

  constructor(commands: Redis, subscriber: Redis, failed: (error: Error) => void) {
    this.#commands = commands;
    this.#subscriber = subscriber;
    this.#failed = failed;
    subscriber.on('message', (channel: string, message: string) =>
      this.#received(channel, message),
    );
    commands.on('close', () => {
      this.#breaks += 1;
    });
    subscriber.on('close', () => this.#forgetAll());
  }

  /** Sends what is appended to `text` to Redis, a frame at a time. */
  writer(id: string, text: TurnText): { changed(): void; end(): void } {
    let reader = new TextReader(text, FROM_START);
    let breaks = this.#breaks;
    let timer: NodeJS.Timeout | undefined;
    const grow = (piece: TextPiece, isWhole: boolean) =>
      this.#grow(id, piece, isWhole).catch((error: Error) => {
        breaks = -1;
        this.#failed(error);
      });
    const flush = () => {
      timer = undefined;
      const isWhole = breaks !== this.#breaks;
      if (isWhole) reader = new TextReader(text, FROM_START);
      breaks = this.#breaks;
      const piece = reader.next();
      if (piece) void grow(piece, isWhole);
    };
    void grow(NOTHING, true);
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

  /** A text that another replica writes; null when there is none, or Redis can't be asked. */
  async watch(id: string): Promise<WatchedText | null> {
    if (this.#subscriber.status !== 'ready') return null;
    const mirror = this.#mirrors.get(id) ?? this.#open(id);
    mirror.readers += 1;
    const release = () => this.#release(id, mirror);
    const exists = await mirror.ready.promise;
    if (exists) return { text: mirror.text, release };
    release();
    return null;
  }

  end(id: string): void {
    const growth: Growth = { ...NOTHING, isEnd: true };
    this.#commands
      .multi()
      .del(contentKey(id), reasoningKey(id))
      .publish(PREFIX + id, JSON.stringify(growth))
      .exec()
      .catch(this.#failed);
  }

  close(): void {
    this.#forgetAll();
  }

  async #grow(id: string, piece: TextPiece, isWhole: boolean): Promise<void> {
    const [content, reasoning] = [contentKey(id), reasoningKey(id)];
    const steps = this.#commands.multi();
    if (isWhole) steps.del(content, reasoning);
    await steps
      .append(content, piece.content)
      .append(reasoning, piece.reasoning)
      .expire(content, KEPT_SECONDS)
      .expire(reasoning, KEPT_SECONDS)
      .publish(PREFIX + id, JSON.stringify(piece satisfies Growth))
      .exec();
  }

  #open(id: string): Mirror {
    const mirror: Mirror = {
      text: new TurnText(),
      ready: Promise.withResolvers(),
      readers: 0,
      early: [],
    };
    this.#mirrors.set(id, mirror);
    this.#load(id, mirror).then(mirror.ready.resolve, () => mirror.ready.resolve(false));
    return mirror;
  }

  async #load(id: string, mirror: Mirror): Promise<boolean> {
    await this.#subscriber.subscribe(PREFIX + id);
    const [content, reasoning] = await this.#commands.mget(contentKey(id), reasoningKey(id));
    if (content == null && reasoning == null) return false;
    mirror.text.append(content ?? '', reasoning ?? '');
    const early = mirror.early ?? [];
    mirror.early = null;
    for (const growth of early) this.#apply(id, mirror, growth);
    return true;
  }

  #received(channel: string, message: string): void {
    const id = channel.slice(PREFIX.length);
    const mirror = channel.startsWith(PREFIX) && this.#mirrors.get(id);
    if (!mirror) return;
    const growth = JSON.parse(message) as Growth;
    if (mirror.early) mirror.early.push(growth);
    else this.#apply(id, mirror, growth);
  }

  #apply(id: string, { text }: Mirror, growth: Growth): void {
    const content = beyond(text.content.points, growth.content, growth.position);
    const reasoning = beyond(text.reasoning.points, growth.reasoning, growth.reasoningPosition);
    if (content === null || reasoning === null) this.#forget(id);
    else if (content !== '' || reasoning !== '') text.append(content, reasoning);
    if (growth.isEnd) text.end();
  }

  #release(id: string, mirror: Mirror): void {
    mirror.readers -= 1;
    if (mirror.readers === 0 && this.#mirrors.get(id) === mirror) this.#forget(id);
  }

  /** Ends a text that is no longer kept up to date, so that whoever reads it looks elsewhere. */
  #forget(id: string): void {
    const mirror = this.#mirrors.get(id);
    this.#mirrors.delete(id);
    mirror?.ready.resolve(false);
    mirror?.text.end();
    this.#subscriber.unsubscribe(PREFIX + id).catch(this.#failed);
  }

  #forgetAll(): void {
    for (const id of this.#mirrors.keys()) this.#forget(id);
  }
}

/** The end of a piece that lies beyond so many code points; null when something is missing in between. */
function beyond(points: number, piece: string, position: number): string | null {
  const missing = position - points;
  if (missing <= 0) return '';
  const known = codePoints(piece) - missing;
  return known < 0 ? null : piece.slice(unitsOf(piece, known));
}

const contentKey = (id: string): string => `${PREFIX}${id}:content`;
const reasoningKey = (id: string): string => `${PREFIX}${id}:reasoning`;
