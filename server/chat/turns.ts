/** The turns that run in this process. */
import { LRUCache } from 'lru-cache';
import { usableModel } from '../access/visible-models.ts';
import type { GatewayContext } from '../gateway/ask.ts';
import { Abandoned } from '../gateway/ask.ts';
import { restarting, waitAtMost } from '../kernel/closing.ts';
import type { Bus } from '../live/bus.ts';
import { runTurn, type Turn } from './run-turn.ts';

/** How long readers may take to be told how their answers ended, before their connections are closed. */
const TELLING_MS = 1_500;

/** More than are stopped in all processes while one turn is stored. */
const STOPPED_MAX = 1_000;

interface RunningTurn {
  readonly control: AbortController;
  readonly done: Promise<void>;
}

export class Turns {
  readonly #running = new Map<string, RunningTurn>();
  /** Those that were asked to stop and don't run here: of another process, or stored and about to be begun. */
  readonly #stopped = new LRUCache<string, true>({ max: STOPPED_MAX });
  readonly #readers = new Set<Promise<void>>();
  readonly #unlisten: () => void;
  #isDraining = false;

  constructor(live: Bus) {
    this.#unlisten = live.listen((fact) => {
      if (fact.kind === 'stopAsked') this.#stop(fact.message);
    });
  }

  /** Of the answers that are being made. */
  get runningIds(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** Begins to answer; the text can be watched when this returns. */
  start(ctx: GatewayContext, turn: Turn): void {
    const { id, model } = turn;
    const control = new AbortController();
    const { actor, config, sql, live, log, parts } = ctx;
    // The turn outlives the session that it was begun in.
    const unwatch = parts.revocations.watch(
      {
        actor: { ...actor, session: null },
        config,
        condition: (now) => usableModel(now, model, 'chat'),
      },
      (reason) => control.abort(new Abandoned('interrupted', reason)),
    );
    const done = runTurn(
      { actor, config, sql, live, log, parts },
      turn,
      live.openText(id),
      control.signal,
    )
      .catch((error) =>
        log.error({ err: error, completion: id }, 'the end of a turn could not be stored'),
      )
      .finally(() => {
        unwatch();
        this.#running.delete(id);
      });
    this.#running.set(id, { control, done });
    if (this.#stopped.has(id)) this.#abandon(id, 'stopped');
  }

  /** Ends a turn that nobody can be told of. */
  interrupt(id: string): void {
    this.#abandon(id, 'interrupted');
  }

  /** @throws Failure MODEL_UNAVAILABLE when this process is about to end */
  mustBeOpen(): void {
    if (this.#isDraining) throw restarting();
  }

  /** The same events; `drain` waits until they have been told. */
  async *told<T>(events: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#readers.add(promise);
    try {
      yield* events;
    } finally {
      this.#readers.delete(promise);
      resolve();
    }
  }

  /** Lets the turns finish for so long; those that then still run are marked as interrupted. */
  async drain(patienceMs: number): Promise<void> {
    this.#isDraining = true;
    await waitAtMost(patienceMs, this.#allDone());
    for (const id of this.#running.keys()) this.#abandon(id, 'interrupted');
    await this.#allDone();
    await waitAtMost(TELLING_MS, Promise.all(this.#readers));
    this.#unlisten();
  }

  #stop(id: string): void {
    if (this.#running.has(id)) this.#abandon(id, 'stopped');
    else this.#stopped.set(id, true);
  }

  #abandon(id: string, outcome: Abandoned['outcome']): void {
    this.#running.get(id)?.control.abort(new Abandoned(outcome));
  }

  async #allDone(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }
}
