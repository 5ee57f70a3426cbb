import type { EndpointConfig } from '../config/config.ts';
import { Failure, fail } from '../kernel/failure.ts';
import type { ModelClient } from '../upstream/model-client.ts';
import type { Admission } from './admit.ts';
import type { GatewayContext } from './ask.ts';

declare module '../context.ts' {
  interface Parts {
    readonly upstream: ModelClient;
  }
}

/** One try and one more, on another endpoint: only before anything has reached the caller. */
const TRIES_MAX = 2;

/**
 * Sends an admitted request to a healthy endpoint, and once more to another when that one fails. A request that the
 * model server refused for its own fault is not tried again.
 *
 * @throws Failure MODEL_UNAVAILABLE when no endpoint is healthy, else what the last try ended with
 */
export async function send<T>(
  ctx: GatewayContext,
  { model }: Admission,
  attempt: (endpoint: EndpointConfig) => Promise<T>,
): Promise<{ readonly endpoint: EndpointConfig; readonly result: T }> {
  const tried = new Set<string>();
  let failure: unknown;
  while (tried.size < TRIES_MAX) {
    const endpoint = ctx.parts.catalogue.pick(model, tried);
    if (!endpoint) break;
    tried.add(endpoint.id);
    try {
      return { endpoint, result: await attempt(endpoint) };
    } catch (error) {
      if (!isEndpointsFault(error)) throw error;
      ctx.parts.catalogue.reportFailure(model, endpoint, isUnreachable(error));
      ctx.log.warn(
        { model: model.name, endpoint: endpoint.url, err: error },
        'a model server failed',
      );
      failure = error;
    }
  }
  if (failure) throw failure;
  return fail(
    'MODEL_UNAVAILABLE',
    `No server of the model "${model.name}" is available at the moment. Try again soon.`,
  );
}

const isEndpointsFault = (error: unknown): boolean =>
  error instanceof Failure && error.code === 'UPSTREAM_FAILED';

const isUnreachable = (error: unknown): boolean =>
  error instanceof Failure && error.details.reason === 'upstream_unreachable';
