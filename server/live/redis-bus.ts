/** The bus of several replicas: what happens in one is told to all of them through Redis. */
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Bus, Listener, TextWriter, WatchedText } from './bus.ts';
import type { Fact } from './facts.ts';
import { MemoryBus } from './memory-bus.ts';
import { RemoteTexts } from './remote-texts.ts';

const FACTS_CHANNEL = 'lumen:facts';
/** A connection on which Redis leaves commands without an answer for so long is given up, and opened anew. */
const SILENCE_MS = 3_000;

/** Reaches all replicas in another way, this one too. */
type TellWithout = (facts: readonly Fact[]) => Promise<unknown>;

export class RedisBus implements Bus {
  readonly #local = new MemoryBus();
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  readonly #texts: RemoteTexts;
  readonly #log: Logger;
  readonly #tellWithout: TellWithout;
  /** Tells our own facts, which come back from Redis, from those of others. */
  readonly #self = crypto.randomUUID();

  private constructor(commands: Redis, subscriber: Redis, log: Logger, tellWithout: TellWithout) {
    this.#commands = commands;
    this.#subscriber = subscriber;
    this.#log = log;
    this.#tellWithout = tellWithout;
    this.#texts = new RemoteTexts(commands, subscriber, (error) => this.#failed(error));
    subscriber.on('message', (channel: string, message: string) =>
      this.#received(channel, message),
    );
    for (const client of [commands, subscriber])
      client.on('error', (error: Error) => this.#failed(error));
  }

  /**
   * Connects; it goes on trying by itself when Redis is away, now or later.
   * @param tellWithout tells the facts that Redis did not take
   */
  static async open(url: string, log: Logger, tellWithout: TellWithout): Promise<RedisBus> {
    const commands = new Redis(url, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      socketTimeout: SILENCE_MS,
      lazyConnect: true,
    });
    const subscriber = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
    const bus = new RedisBus(commands, subscriber, log, tellWithout);
    await Promise.allSettled([commands.connect(), subscriber.connect()]);
    void subscriber.subscribe(FACTS_CHANNEL).catch((error) => bus.#failed(error));
    return bus;
  }

  get isConnected(): boolean {
    return this.#commands.status === 'ready';
  }

  async ping(): Promise<void> {
    await this.#commands.ping();
  }

  publish(...facts: readonly Fact[]): void {
    if (facts.length === 0) return;
    this.#local.publish(...facts);
    const message = JSON.stringify({ from: this.#self, facts });
    this.#commands
      .publish(FACTS_CHANNEL, message)
      .catch((error) => {
        this.#failed(error);
        return this.#tellWithout(facts);
      })
      .catch((error) => this.#failed(error));
  }

  publishHere(...facts: readonly Fact[]): void {
    this.#local.publishHere(...facts);
  }

  listen(listener: Listener): () => void {
    return this.#local.listen(listener);
  }

  openText(id: string): TextWriter {
    const local = this.#local.openText(id);
    const remote = this.#texts.writer(id, local.text);
    return {
      text: local.text,
      append: (content, reasoning) => {
        local.append(content, reasoning);
        remote.changed();
      },
      end: () => {
        local.end();
        remote.end();
      },
    };
  }

  async watchText(id: string): Promise<WatchedText | null> {
    return (await this.#local.watchText(id)) ?? this.#texts.watch(id);
  }

  endText(id: string): void {
    this.#local.endText(id);
    this.#texts.end(id);
  }

  async close(): Promise<void> {
    await this.#local.close();
    this.#texts.close();
    this.#subscriber.disconnect();
    // What was published last still goes out; without a connection this fails at once.
    await this.#commands.quit().catch(() => undefined);
    this.#commands.disconnect();
  }

  #received(channel: string, message: string): void {
    if (channel !== FACTS_CHANNEL) return;
    try {
      const { from, facts } = JSON.parse(message) as { from: string; facts: Fact[] };
      if (from !== this.#self) this.#local.publish(...facts);
    } catch (error) {
      // Whoever else writes into this Redis must not end the process.
      this.#failed(error as Error);
    }
  }

  #failed(error: Error): void {
    this.#log.warn({ error: error.message }, 'Redis: the live bus is disturbed');
  }
}
