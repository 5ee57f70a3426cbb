/** The models as configured, with what this process knows of their endpoints. */
import type { Logger } from 'pino';
import type { Config, ModelConfig } from '../config/config.ts';
import type { Sql } from '../db/orm.ts';
import { Gate } from '../kernel/gate.ts';
import type { Bus } from '../live/bus.ts';
import type { ModelClient } from '../upstream/model-client.ts';
import { Endpoint, type Probing } from './endpoint.ts';
import { HealthHistory } from './health-history.ts';
import { Rotation } from './rotation.ts';
import { Slot } from './slot.ts';
import { Withdrawals, type WithdrawalTable } from './withdrawals.ts';

declare module '../context.ts' {
  interface Parts {
    readonly catalogue: Catalogue;
  }
}

export type ModelStatus = 'OK' | 'DEGRADED' | 'DOWN' | 'DISABLED';

const PROBES_AT_A_TIME = 64;
/** What changes back and forth within this time is told once, or not at all. */
const TELL_AFTER_MS = 250;
const NONE: ReadonlySet<string> = new Set();

export class Catalogue {
  readonly #live: Bus;
  readonly #probing: Probing;
  readonly #withdrawals: Withdrawals;
  readonly #endpoints = new Map<string, Endpoint>();
  /** A request keeps the rotation of the configuration that it began with. */
  readonly #rotations = new WeakMap<ModelConfig, Rotation>();
  #models: readonly ModelConfig[] = [];
  #withdrawn: WithdrawalTable = new Map();
  #told = '';
  #telling: NodeJS.Timeout | undefined;

  private constructor(connection: Sql, client: ModelClient, live: Bus, log: Logger) {
    this.#live = live;
    this.#probing = {
      client,
      log,
      gate: new Gate(PROBES_AT_A_TIME),
      history: new HealthHistory(connection, log),
      changed: () => this.#tellSoon(),
      areLogged: false,
    };
    this.#withdrawals = new Withdrawals(connection, live, log, (table) => this.#withdraw(table));
  }

  static async open(
    connection: Sql,
    client: ModelClient,
    live: Bus,
    log: Logger,
  ): Promise<Catalogue> {
    const catalogue = new Catalogue(connection, client, live, log);
    await catalogue.loadWithdrawals();
    return catalogue;
  }

  /** Takes the models of a configuration; resolves when each new endpoint was probed once. */
  async watch({ models, logs }: Pick<Config, 'models' | 'logs'>): Promise<void> {
    this.#probing.areLogged = logs.model;
    this.#models = [...models.values()].filter(({ disabled }) => !disabled);
    const wanted = new Map(
      this.#models.flatMap(({ endpoints }) => endpoints.map((e) => [e.id, e])),
    );
    for (const [id, endpoint] of this.#endpoints) {
      if (wanted.has(id)) continue;
      endpoint.close();
      this.#endpoints.delete(id);
    }
    const added = [...wanted.values()].filter(({ id }) => !this.#endpoints.has(id));
    for (const config of added) this.#endpoints.set(config.id, new Endpoint(config, this.#probing));
    for (const model of this.#models) this.#rotations.set(model, this.#rotationOf(model));
    this.#withdraw(this.#withdrawn);
    await Promise.all(added.map(({ id }) => this.#endpoints.get(id)?.probe()));
  }

  /**
   * A place for one request at the endpoint whose turn it is, to be ended by the caller; null when no endpoint that
   * answers has room. `except` are the ids of those that failed this request already.
   */
  take(model: ModelConfig, except: ReadonlySet<string> = NONE): Slot | null {
    const seat = this.#rotations.get(model)?.pick(except);
    return seat ? new Slot(seat.config, seat.endpoint) : null;
  }

  /** Endpoints in rotation, whether or not they have room. */
  healthyCount(model: ModelConfig): number {
    return this.endpointsOf(model).filter(isInRotation).length;
  }

  status(model: ModelConfig): ModelStatus {
    if (model.disabled) return 'DISABLED';
    const endpoints = this.endpointsOf(model);
    if (!endpoints.some(isUsable)) return 'DOWN';
    return endpoints.every(isInRotation) ? 'OK' : 'DEGRADED';
  }

  /** When an endpoint of the model was last probed; null before the first time. */
  checkedAt(model: ModelConfig): Date | null {
    const times = this.endpointsOf(model).map(({ checkedAt }) => checkedAt?.getTime() ?? 0);
    const latest = Math.max(0, ...times);
    return latest > 0 ? new Date(latest) : null;
  }

  /** Whether the endpoint of this id is in rotation. */
  isHealthy(id: string): boolean {
    const endpoint = this.#endpoints.get(id);
    return endpoint !== undefined && isInRotation(endpoint);
  }

  /** None of a disabled model. */
  endpointsOf(model: ModelConfig): readonly Endpoint[] {
    return this.#rotations.get(model)?.seats.map(({ endpoint }) => endpoint) ?? [];
  }

  /** Resolves when the withdrawals that are stored now are in force here. */
  loadWithdrawals(): Promise<void> {
    return this.#withdrawals.load();
  }

  async close(): Promise<void> {
    clearTimeout(this.#telling);
    await this.#withdrawals.close();
    for (const endpoint of this.#endpoints.values()) endpoint.close();
    await this.#probing.history.close();
  }

  #rotationOf({ rotation, endpoints }: ModelConfig): Rotation {
    const seats = endpoints.flatMap((config) => {
      const endpoint = this.#endpoints.get(config.id);
      return endpoint ? [{ config, endpoint, credit: 0 }] : [];
    });
    return new Rotation(rotation, seats);
  }

  #withdraw(table: WithdrawalTable): void {
    this.#withdrawn = table;
    for (const [id, endpoint] of this.#endpoints) endpoint.withdrawal = table.get(id) ?? null;
    this.#tellSoon();
  }

  /** To the viewers of this replica: the others find out by themselves. */
  #tellSoon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      const now = this.#models.map((model) => `${this.status(model)} ${this.healthyCount(model)}`);
      const told = now.join();
      if (told === this.#told) return;
      this.#told = told;
      this.#live.publishHere({ kind: 'modelsChanged' });
    }, TELL_AFTER_MS).unref();
  }
}

const isUsable = ({ health, withdrawal }: Endpoint): boolean =>
  health !== 'DOWN' && withdrawal === null;

const isInRotation = ({ health, withdrawal }: Endpoint): boolean =>
  health === 'HEALTHY' && withdrawal === null;
