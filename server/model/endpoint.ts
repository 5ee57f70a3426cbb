/** One endpoint as this process knows it: whether it answers, how busy it is, and the probes that find out. */
import type { Logger } from 'pino';
import type { EndpointConfig } from '../config/config.ts';
import type { Failure } from '../kernel/failure.ts';
import type { Gate } from '../kernel/gate.ts';
import type { ModelClient } from '../upstream/model-client.ts';
import { errorWords, isHopeless, MODEL_MISSING, TOO_SLOW } from './endpoint-error.ts';
import type { Health } from './health.ts';
import type { HealthHistory } from './health-history.ts';
import type { Withdrawal } from './withdrawals.ts';

const PROBE_EVERY_MS = 60_000;
/** An endpoint that is down is looked at sooner, so that it comes back by itself. */
const PROBE_DOWN_EVERY_MS = 5_000;
const PROBE_TIMEOUT_MS = 5_000;
/** Each wait is longer by up to this share, so that endpoints and replicas do not probe in step. */
const JITTER = 0.1;
/** Answers in a row that break off before it is taken for the endpoint's fault: one may be its request's. */
const BREAKS_MAX = 3;
const PAUSE_MS = 1_000;

export interface Probing {
  readonly client: ModelClient;
  readonly log: Logger;
  readonly gate: Gate;
  readonly history: HealthHistory;
  /** Called when the health of an endpoint is another. */
  readonly changed: () => void;
  /** Whether each probe is worth a line in the log. */
  areLogged: boolean;
}

export class Endpoint {
  /** Requests that this process has under way there. */
  inFlight = 0;
  withdrawal: Withdrawal | null = null;
  readonly #config: EndpointConfig;
  readonly #probing: Probing;
  #health: Health = 'DOWN';
  #healthSince = new Date();
  #checkedAt: Date | null = null;
  #latencyMs: number | null = null;
  #lastError: { readonly at: Date; readonly message: string } | null = null;
  /** Times that it left the rotation since a request last succeeded. */
  #exits = 0;
  #breaks = 0;
  /** Whether a request succeeded since it was last probed. */
  #hasAnswered = false;
  /** By the clock that never jumps. */
  #pausedUntilMs = 0;
  #probe: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(config: EndpointConfig, probing: Probing) {
    this.#config = config;
    this.#probing = probing;
  }

  get id(): string {
    return this.#config.id;
  }

  get health(): Health {
    return this.#health;
  }

  get healthSince(): Date {
    return this.#healthSince;
  }

  /** When it was last probed. */
  get checkedAt(): Date | null {
    return this.#checkedAt;
  }

  /** How long the last probe took that it answered. */
  get latencyMs(): number | null {
    return this.#latencyMs;
  }

  get lastError(): { readonly at: Date; readonly message: string } | null {
    return this.#lastError;
  }

  /** A request was answered to its end. */
  succeeded(): void {
    this.#hasAnswered = true;
    this.#exits = 0;
    this.#breaks = 0;
    if (this.#health === 'SUSPECT') this.#mark('HEALTHY');
  }

  /** A request failed before its answer began: it leaves the rotation at once, and comes back by a probe. */
  failed(failure: Failure): void {
    this.#note(errorWords(failure));
    const health = isHopeless(failure) ? 'DOWN' : 'SUSPECT';
    if (this.#health === 'DOWN' || this.#health === health) return;
    if (this.#health === 'HEALTHY') this.#exits += 1;
    this.#pause();
    this.#mark(health);
    void this.probe();
  }

  /** An answer broke off midway. */
  brokeOff(failure: Failure): void {
    this.#note(errorWords(failure));
    this.#breaks += 1;
    if (this.#breaks < BREAKS_MAX) return;
    this.#breaks = 0;
    this.failed(failure);
  }

  /** Looks at it now; never fails. */
  probe(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isClosed) return Promise.resolve();
    this.#probe ??= this.#look().finally(() => {
      this.#probe = null;
    });
    return this.#probe;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** How long it stays suspect though its probes succeed: longer each time that requests failed all the same. */
  #pause(): void {
    const pauseMs =
      this.#exits > 1 ? Math.min(PAUSE_MS * 2 ** (this.#exits - 2), PROBE_DOWN_EVERY_MS) : 0;
    this.#pausedUntilMs = performance.now() + pauseMs;
  }

  async #look(): Promise<void> {
    const error = await this.#probing.gate.run(() => this.#errorOfProbe());
    if (this.#isClosed) return;
    const isNew = this.#checkedAt === null;
    this.#checkedAt = new Date();
    const isOnlyBusy = error === TOO_SLOW && this.#hasAnswered;
    this.#hasAnswered = false;
    if (error !== null) {
      this.#note(error);
      this.#mark(isOnlyBusy && this.#health !== 'DOWN' ? 'SUSPECT' : 'DOWN', isNew);
      this.#probeIn(PROBE_DOWN_EVERY_MS);
      return;
    }
    const pauseMs = this.#pausedUntilMs - performance.now();
    this.#mark(pauseMs > 0 ? 'SUSPECT' : 'HEALTHY', isNew);
    this.#probeIn(pauseMs > 0 ? pauseMs : PROBE_EVERY_MS);
  }

  /** Null when the endpoint lists its model. */
  async #errorOfProbe(): Promise<string | null> {
    const startedMs = performance.now();
    const { client, log, areLogged } = this.#probing;
    const level = areLogged ? 'info' : 'debug';
    try {
      const ids = await client.listModels(this.#config, PROBE_TIMEOUT_MS);
      this.#latencyMs = Math.round(performance.now() - startedMs);
      log[level]({ ...this.#logged, latencyMs: this.#latencyMs }, 'an endpoint answers its probe');
      return ids.includes(this.#config.model) ? null : MODEL_MISSING;
    } catch (error) {
      log[level]({ ...this.#logged, err: error }, 'an endpoint does not answer its probe');
      return errorWords(error);
    }
  }

  #probeIn(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    const jittered = ms * (1 + JITTER * Math.random());
    this.#timer = setTimeout(() => void this.probe(), jittered).unref();
  }

  #note(message: string): void {
    this.#lastError = { at: new Date(), message };
  }

  #mark(health: Health, isNew = false): void {
    if (this.#health === health && !isNew) return;
    this.#health = health;
    this.#healthSince = new Date();
    const { log, history, changed } = this.#probing;
    history.note(this.id, health, health === 'HEALTHY' ? null : (this.#lastError?.message ?? null));
    if (health === 'HEALTHY') log.info(this.#logged, 'endpoint is healthy');
    else
      log.warn(
        { ...this.#logged, why: this.#lastError?.message },
        `endpoint is ${health.toLowerCase()}`,
      );
    changed();
  }

  get #logged(): object {
    const { id, host, model } = this.#config;
    return { endpoint: id, host, model };
  }
}
