import type { Logger } from 'pino';
import type { Config, EndpointConfig } from '../config/config.ts';
import { Failure } from '../kernel/failure.ts';
import type { ModelClient } from '../upstream/model-client.ts';
import type { Metrics } from './metrics.ts';
import { shownAddress } from './shown-address.ts';

export interface Watch {
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly config: () => Config;
}

type Failed = (error: unknown) => never;

/**
 * The same client; counts each attempt that fails, also those after which another endpoint answered, and logs probes
 * where `app.logs.model` asks for it.
 */
export function watchedClient(client: ModelClient, watch: Watch): ModelClient {
  const counting =
    ({ url }: EndpointConfig): Failed =>
    (error) => {
      const word = endpointError(error);
      if (word !== null) watch.metrics.endpointFailed(shownAddress(url), word);
      throw error;
    };
  return {
    ...client,
    stream: async (...request) => {
      const failed = counting(request[0]);
      return watched(await client.stream(...request).catch(failed), failed);
    },
    call: (...request) => client.call(...request).catch(counting(request[0])),
    binary: async (...request) => {
      const failed = counting(request[0]);
      const answer = await client.binary(...request).catch(failed);
      return { ...answer, pieces: watched(answer.pieces, failed) };
    },
    listModels: async (...request) => {
      const probe = client.listModels(...request);
      if (watch.config().logs.model) await logProbe(watch.log, request[0], probe);
      return probe;
    },
  };
}

/** One of few words; null for requests that were abandoned, which is not the endpoint's fault. */
export function endpointError(error: unknown): string | null {
  if (!(error instanceof Failure)) return null;
  const { reason, status } = error.details;
  if (error.code === 'UPSTREAM_REFUSED') return `upstream_refused_${status}`;
  return error.code === 'UPSTREAM_FAILED' ? (reason ?? 'upstream_failed') : null;
}

/** Deltas pass by the thousand, so nothing stands between them and their reader but this one promise. */
function watched<T>(events: AsyncIterable<T>, failed: Failed): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const inner = events[Symbol.asyncIterator]();
      return {
        next: () => inner.next().catch(failed),
        return: async (value) => (await inner.return?.(value)) ?? { done: true, value },
      };
    },
  };
}

async function logProbe(
  log: Logger,
  { id: endpoint, model }: EndpointConfig,
  probe: Promise<readonly string[]>,
): Promise<void> {
  const error = await probe.then(
    (ids) => (ids.includes(model) ? null : 'model_missing'),
    endpointError,
  );
  log.info({ endpoint, model, error }, 'probed an endpoint');
}
