import type { EndpointConfig, ModelConfig } from '../config/config.ts';
import { Failure } from '../kernel/failure.ts';
import { isEndpointsFault } from '../model/endpoint-error.ts';
import type { Slot } from '../model/slot.ts';
import type { Admission } from './admit.ts';
import type { GatewayContext } from './ask.ts';

/** One try and one more, on another endpoint: only before anything has reached the caller. */
const TRIES_MAX = 2;
const BUSY_RETRY_SECONDS = 1;
/** As often as endpoints that are down are probed. */
const DOWN_RETRY_SECONDS = 5;

/**
 * Sends an admitted request to a healthy endpoint, and once more to another when that one fails. A request that the
 * model server refused for its own fault is not tried again. The slot is the caller's to end.
 *
 * @throws Failure MODEL_UNAVAILABLE when no endpoint is healthy or none has room, else what the last try ended with
 */
export async function send<T>(
  ctx: GatewayContext,
  { model }: Admission,
  attempt: (endpoint: EndpointConfig) => Promise<T>,
): Promise<{ readonly slot: Slot; readonly result: T }> {
  const tried = new Set<string>();
  let failure: unknown;
  while (tried.size < TRIES_MAX) {
    const slot = ctx.parts.catalogue.take(model, tried);
    if (!slot) break;
    const { endpoint } = slot;
    tried.add(endpoint.id);
    try {
      const result = await attempt(endpoint);
      slot.begun();
      return { slot, result };
    } catch (error) {
      slot.failed(error);
      if (!isEndpointsFault(error)) throw error;
      ctx.log.warn(
        { model: model.name, endpoint: endpoint.id, host: endpoint.host, err: error },
        'a model server failed',
      );
      failure = error;
    }
  }
  throw failure ?? unavailable(model, ctx.parts.catalogue.status(model) !== 'DOWN');
}

function unavailable({ name }: ModelConfig, isBusy: boolean): Failure {
  return isBusy
    ? new Failure(
        'MODEL_UNAVAILABLE',
        `All servers of the model "${name}" are busy at the moment. Try again soon.`,
        { reason: 'model_busy', retryAfterSeconds: BUSY_RETRY_SECONDS },
      )
    : new Failure(
        'MODEL_UNAVAILABLE',
        `No server of the model "${name}" is available at the moment. Try again soon.`,
        { retryAfterSeconds: DOWN_RETRY_SECONDS },
      );
}
