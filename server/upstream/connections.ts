/** Requests to model servers as undici's dispatcher sends them: no fetch, no web streams, no header of the caller. */
import { Agent, type Dispatcher } from 'undici';
import type { EndpointConfig } from '../config/config.ts';
import { Deadlines } from './deadlines.ts';
import { type Demand, Exchange, type Receiver } from './exchange.ts';
import type { RequestBody, Upload } from './model-client.ts';
import { metadataAddresses } from './public-address.ts';

/** Only clears away attempts that were given up long before, when the request's own time to connect was over. */
const STALE_CONNECT_MS = 60_000;

/** What never changes between the requests to an endpoint. */
interface Target {
  readonly origin: string;
  readonly basePath: string;
  readonly headers: Readonly<Record<Demand['mediaType'], string[]>>;
}

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: RequestBody | null;
}

/** Connections are kept alive and as many as there are requests at a time; each serves one request after the other. */
export class Connections {
  readonly #agent = new Agent({
    allowH2: false,
    connect: { timeout: STALE_CONNECT_MS, blockList: metadataAddresses },
  });
  readonly #deadlines = new Deadlines();
  readonly #targets = new WeakMap<EndpointConfig, Target>();

  send(question: Question, demand: Demand, receiver: Receiver): void {
    if (demand.signal.aborted) {
      receiver.failed(demand.signal.reason);
      return;
    }
    const target = this.#targetOf(demand.endpoint);
    const request = requestOf(question, target, demand.mediaType);
    this.#agent.dispatch(request, new Exchange(demand, receiver, this.#deadlines));
  }

  /** Breaks off what is still running. */
  destroy(): Promise<void> {
    return this.#agent.destroy();
  }

  #targetOf(endpoint: EndpointConfig): Target {
    let target = this.#targets.get(endpoint);
    if (!target) {
      target = newTarget(endpoint);
      this.#targets.set(endpoint, target);
    }
    return target;
  }
}

/** undici's own time-outs are off: they are rounded to a second and do not follow a change of configuration. */
function requestOf(
  { method, path, body }: Question,
  { origin, basePath, headers }: Target,
  mediaType: Demand['mediaType'],
): Dispatcher.DispatchOptions {
  const isUpload = typeof body === 'object' && body !== null;
  return {
    origin,
    method,
    path: basePath + path,
    body: isUpload ? body.open() : body,
    headers: isUpload ? uploadHeaders(headers[mediaType], body) : headers[mediaType],
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/** The first of the headers is the content type. */
const uploadHeaders = (
  [name = '', , ...rest]: readonly string[],
  { contentType, bytes }: Upload,
): string[] => [name, contentType, 'content-length', String(bytes), ...rest];

function newTarget({ url, apiKey }: EndpointConfig): Target {
  const { origin, pathname } = new URL(url);
  const headersFor = (mediaType: string) => [
    'content-type',
    'application/json',
    'accept',
    mediaType,
    'accept-encoding',
    'identity',
    'user-agent',
    'lumen',
    ...(apiKey ? ['authorization', `Bearer ${apiKey}`] : []),
  ];
  return {
    origin,
    basePath: pathname.replace(/\/$/, ''),
    headers: {
      'text/event-stream': headersFor('text/event-stream'),
      'application/json': headersFor('application/json'),
      '*/*': headersFor('*/*'),
    },
  };
}
