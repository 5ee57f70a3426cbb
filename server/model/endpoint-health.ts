/** Which model servers answer: looked at by probes on the clock, and marked by requests that failed. */
import type { Logger } from 'pino';
import type { EndpointConfig, ModelConfig } from '../config/config.ts';
import type { ModelClient } from '../upstream/model-client.ts';

const HEALTHY_EVERY_MS = 60_000;
/** An endpoint that failed is looked at sooner, so that it comes back by itself. */
const UNHEALTHY_EVERY_MS = 5_000;
const PROBE_TIMEOUT_MS = 5_000;

interface Watched {
  readonly endpoint: EndpointConfig;
  isHealthy: boolean;
  checkedAt: Date | null;
  timer: NodeJS.Timeout | undefined;
  probing: Promise<void> | null;
}

export class EndpointHealth {
  readonly #client: ModelClient;
  readonly #log: Logger;
  readonly #changed: () => void;
  readonly #watched = new Map<string, Watched>();

  /** @param changed is called when an endpoint became healthy or ceased to be */
  constructor(client: ModelClient, log: Logger, changed: () => void) {
    this.#client = client;
    this.#log = log;
    this.#changed = changed;
  }

  /** Watches exactly the endpoints of these models; resolves when each new one was probed once. */
  async watch(models: Iterable<ModelConfig>): Promise<void> {
    const wanted = new Map(
      [...models].flatMap((model) => model.endpoints.map((e) => [e.id, e] as const)),
    );
    for (const [id, watched] of this.#watched) if (!wanted.has(id)) this.#forget(id, watched);
    const added = [...wanted.values()].filter((endpoint) => !this.#watched.has(endpoint.id));
    for (const endpoint of added) {
      this.#watched.set(endpoint.id, {
        endpoint,
        isHealthy: false,
        checkedAt: null,
        timer: undefined,
        probing: null,
      });
    }
    await Promise.all(added.map((endpoint) => this.probe(endpoint.id)));
  }

  isHealthy(id: string): boolean {
    return this.#watched.get(id)?.isHealthy ?? false;
  }

  checkedAt(id: string): Date | null {
    return this.#watched.get(id)?.checkedAt ?? null;
  }

  /** Takes an endpoint that failed out of rotation at once, and looks whether it really is down. */
  reportFailure(id: string): void {
    const watched = this.#watched.get(id);
    if (!watched) return;
    this.#mark(watched, false);
    void this.probe(id);
  }

  /** Looks at an endpoint now; never fails. */
  probe(id: string): Promise<void> {
    const watched = this.#watched.get(id);
    if (!watched) return Promise.resolve();
    watched.probing ??= this.#probe(watched).finally(() => {
      watched.probing = null;
    });
    return watched.probing;
  }

  close(): void {
    for (const [id, watched] of this.#watched) this.#forget(id, watched);
  }

  async #probe(watched: Watched): Promise<void> {
    const { endpoint } = watched;
    clearTimeout(watched.timer);
    const isHealthy = await this.#answers(endpoint);
    if (this.#watched.get(endpoint.id) !== watched) return;
    watched.checkedAt = new Date();
    this.#mark(watched, isHealthy);
    const next = isHealthy ? HEALTHY_EVERY_MS : UNHEALTHY_EVERY_MS;
    watched.timer = setTimeout(() => void this.probe(endpoint.id), next).unref();
  }

  async #answers(endpoint: EndpointConfig): Promise<boolean> {
    try {
      const ids = await this.#client.listModels(endpoint, PROBE_TIMEOUT_MS);
      if (ids.includes(endpoint.model)) return true;
      this.#log.warn(
        { endpoint: endpoint.url, model: endpoint.model },
        'an endpoint does not serve its model',
      );
    } catch (error) {
      this.#log.debug(
        { endpoint: endpoint.url, err: error },
        'an endpoint does not answer its probe',
      );
    }
    return false;
  }

  #mark(watched: Watched, isHealthy: boolean): void {
    if (watched.isHealthy === isHealthy) return;
    watched.isHealthy = isHealthy;
    const { url, model } = watched.endpoint;
    this.#log[isHealthy ? 'info' : 'warn'](
      { endpoint: url, model },
      `endpoint is ${isHealthy ? 'healthy' : 'down'}`,
    );
    this.#changed();
  }

  #forget(id: string, watched: Watched): void {
    clearTimeout(watched.timer);
    this.#watched.delete(id);
  }
}
