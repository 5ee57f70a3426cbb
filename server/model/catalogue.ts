/** The models as configured, with what is known of their endpoints' health. */
import type { Logger } from 'pino';
import type { EndpointConfig, ModelConfig } from '../config/config.ts';
import type { Bus } from '../live/bus.ts';
import type { ModelClient } from '../upstream/model-client.ts';
import { EndpointHealth } from './endpoint-health.ts';

declare module '../context.ts' {
  interface Parts {
    readonly catalogue: Catalogue;
  }
}

export type ModelStatus = 'OK' | 'DEGRADED' | 'DOWN' | 'DISABLED';

export class Catalogue {
  readonly #health: EndpointHealth;
  readonly #turns = new Map<string, number>();

  constructor(client: ModelClient, live: Bus, log: Logger) {
    this.#health = new EndpointHealth(client, log, () => live.publish({ kind: 'modelsChanged' }));
  }

  /** Takes the models of a configuration; resolves when each new endpoint was probed once. */
  watch(models: ReadonlyMap<string, ModelConfig>): Promise<void> {
    return this.#health.watch([...models.values()].filter((model) => !model.disabled));
  }

  /** The healthy endpoint whose turn it is, or null. `except` are those that failed this request already. */
  pick(model: ModelConfig, except: ReadonlySet<string> = new Set()): EndpointConfig | null {
    const healthy = this.#healthy(model).filter((endpoint) => !except.has(endpoint.id));
    const turn = this.#turns.get(model.name) ?? 0;
    this.#turns.set(model.name, turn + 1);
    return healthy[turn % healthy.length] ?? null;
  }

  /**
   * An endpoint failed a request. One that can't be reached leaves the rotation at once; one that answers badly does so
   * only where another can take its place, since a single request may be the cause. Either is looked at.
   */
  reportFailure(model: ModelConfig, endpoint: EndpointConfig, isUnreachable: boolean): void {
    if (isUnreachable || this.healthyCount(model) > 1) this.#health.reportFailure(endpoint.id);
    else void this.#health.probe(endpoint.id);
  }

  healthyCount(model: ModelConfig): number {
    return this.#healthy(model).length;
  }

  status(model: ModelConfig): ModelStatus {
    if (model.disabled) return 'DISABLED';
    const healthy = this.healthyCount(model);
    if (healthy === 0) return 'DOWN';
    return healthy < model.endpoints.length ? 'DEGRADED' : 'OK';
  }

  close(): void {
    this.#health.close();
  }

  #healthy(model: ModelConfig): readonly EndpointConfig[] {
    return model.endpoints.filter((endpoint) => this.#health.isHealthy(endpoint.id));
  }
}
