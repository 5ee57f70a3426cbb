/** The door to model servers over undici's dispatcher: no fetch, no web streams, no header of the caller. */
import { Agent, type Dispatcher } from 'undici';
import type { EndpointConfig } from '../config/config.ts';
import type { Delta } from './delta.ts';
import { type Demand, Exchange, type Receiver } from './exchange.ts';
import { jsonArray, jsonObject, parseJsonObject } from './json.ts';
import type { ModelClient, UpstreamTimeouts } from './model-client.ts';
import { readAnswer } from './read-delta.ts';
import { StreamedAnswer } from './streamed-answer.ts';
import { upstreamFailure } from './upstream-failure.ts';
import { WholeAnswer } from './whole-answer.ts';

/** Only clears away attempts that were given up long before, when the request's own time to connect was over. */
const STALE_CONNECT_MS = 60_000;

/** What never changes between the requests to an endpoint. */
interface Target {
  readonly origin: string;
  readonly basePath: string;
  readonly headers: Readonly<Record<Demand['mediaType'], string[]>>;
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | null;
}

/**
 * Connections are kept alive and as many as there are requests at a time; each serves one request after the other.
 * `close` breaks off what is still running.
 */
export function undiciModelClient(): ModelClient {
  const agent = new Agent({ allowH2: false, connect: { timeout: STALE_CONNECT_MS } });
  const targets = new WeakMap<EndpointConfig, Target>();

  function targetOf(endpoint: EndpointConfig): Target {
    let target = targets.get(endpoint);
    if (!target) {
      target = newTarget(endpoint);
      targets.set(endpoint, target);
    }
    return target;
  }

  function send(question: Question, demand: Demand, receiver: Receiver): void {
    if (demand.signal.aborted) {
      receiver.failed(demand.signal.reason);
      return;
    }
    const target = targetOf(demand.endpoint);
    agent.dispatch(requestOf(question, target, demand.mediaType), new Exchange(demand, receiver));
  }

  function whole(question: Question, demand: Demand): Promise<string> {
    return new Promise((resolve, reject) => {
      send(question, demand, new WholeAnswer(resolve, reject));
    });
  }

  return {
    stream(endpoint, path, body, timeouts, signal) {
      const demand: Demand = { endpoint, timeouts, signal, mediaType: 'text/event-stream' };
      return new Promise<AsyncIterable<readonly Delta[]>>((resolve, reject) => {
        send({ method: 'POST', path, body }, demand, new StreamedAnswer(signal, resolve, reject));
      });
    },

    async call(endpoint, path, body, timeouts, signal) {
      const demand: Demand = { endpoint, timeouts, signal, mediaType: 'application/json' };
      return readAnswer(await whole({ method: 'POST', path, body }, demand));
    },

    async listModels(endpoint, timeoutMs) {
      const signal = AbortSignal.timeout(timeoutMs);
      const timeouts = sameTimeouts(timeoutMs);
      const demand: Demand = { endpoint, timeouts, signal, mediaType: 'application/json' };
      const text = await whole({ method: 'GET', path: '/models', body: null }, demand).catch(
        (reason) => {
          throw signal.aborted ? upstreamFailure('too_slow', reason) : reason;
        },
      );
      return modelIds(text);
    },

    close: () => agent.destroy(),
  };
}

/** undici's own time-outs are off: they are rounded to a second and do not follow a change of configuration. */
function requestOf(
  { method, path, body }: Question,
  { origin, basePath, headers }: Target,
  mediaType: Demand['mediaType'],
): Dispatcher.DispatchOptions {
  return {
    origin,
    method,
    path: basePath + path,
    body,
    headers: headers[mediaType],
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

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
    },
  };
}

function sameTimeouts(timeoutMs: number): UpstreamTimeouts {
  return {
    connectTimeoutMs: timeoutMs,
    firstByteTimeoutMs: timeoutMs,
    idleTimeoutMs: timeoutMs,
  };
}

function modelIds(text: string): readonly string[] {
  const list = parseJsonObject(text);
  if (!list || !Array.isArray(list.data)) {
    throw upstreamFailure('not_an_answer', new Error(`no list of models: ${text.slice(0, 500)}`));
  }
  return jsonArray(list.data)
    .map((model) => jsonObject(model)?.id)
    .filter((id) => typeof id === 'string');
}
