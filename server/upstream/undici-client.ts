/** The door to model servers over undici. */
import type { EndpointConfig, UpstreamTimeouts } from '../config/config.ts';
import { Connections, type Question } from './connections.ts';
import type { Answer, BinaryAnswer, Delta } from './delta.ts';
import type { Demand } from './exchange.ts';
import { type JsonObject, jsonObject, parseJsonObject } from './json.ts';
import type { ModelClient, RequestBody } from './model-client.ts';
import { PassedAnswer } from './passed-answer.ts';
import { readAnswer, readText } from './read-delta.ts';
import { StreamedAnswer } from './streamed-answer.ts';
import { upstreamFailure } from './upstream-failure.ts';
import { WholeAnswer } from './whole-answer.ts';

/** `close` breaks off what is still running. */
export function undiciModelClient(): ModelClient {
  const connections = new Connections();

  return {
    stream(endpoint, path, body, signal) {
      const demand = demandOf(endpoint, signal, 'text/event-stream');
      return new Promise<AsyncIterable<readonly Delta[]>>((resolve, reject) => {
        const answer = new StreamedAnswer(signal, resolve, reject);
        connections.send({ method: 'POST', path, body }, demand, answer);
      });
    },

    async call(endpoint, path, body, signal) {
      const demand = demandOf(endpoint, signal, typeof body === 'string' ? JSON_TYPE : '*/*');
      const question = { method: 'POST', path, body } as const;
      return answerOf(await whole(connections, question, demand), question);
    },

    binary(endpoint, path, body, signal) {
      const demand = demandOf(endpoint, signal, '*/*');
      return new Promise<BinaryAnswer>((resolve, reject) => {
        const answer = new PassedAnswer(resolve, reject);
        connections.send({ method: 'POST', path, body }, demand, answer);
      });
    },

    async describeModel(endpoint, timeoutMs) {
      const entries = await listed(connections, endpoint, timeoutMs);
      return entries.find(({ id }) => id === endpoint.model) ?? null;
    },

    async listModels(endpoint, timeoutMs) {
      const entries = await listed(connections, endpoint, timeoutMs);
      return entries.map(({ id }) => id).filter((id) => typeof id === 'string');
    },

    close: () => connections.destroy(),
  };
}

const JSON_TYPE = 'application/json';

const demandOf = (
  endpoint: EndpointConfig,
  signal: AbortSignal,
  mediaType: Demand['mediaType'],
): Demand => ({ endpoint, timeouts: endpoint.timeouts, signal, mediaType });

interface Whole {
  readonly text: string;
  readonly contentType: string;
}

function whole(connections: Connections, question: Question, demand: Demand): Promise<Whole> {
  return new Promise((resolve, reject) => {
    const ended = (text: string, contentType: string) => resolve({ text, contentType });
    connections.send(question, demand, new WholeAnswer(ended, reject));
  });
}

/** Only who uploads audio may ask for the answer as plain text or as subtitles. */
function answerOf(
  { text, contentType }: Whole,
  { path, body }: { readonly path: string; readonly body: RequestBody },
): Answer {
  const isText = typeof body !== 'string' && !contentType.toLowerCase().startsWith(JSON_TYPE);
  return isText ? readText(text, contentType) : readAnswer(text, path);
}

function sameTimeouts(timeoutMs: number): UpstreamTimeouts {
  return {
    connectTimeoutMs: timeoutMs,
    firstByteTimeoutMs: timeoutMs,
    idleTimeoutMs: timeoutMs,
  };
}

async function listed(
  connections: Connections,
  endpoint: EndpointConfig,
  timeoutMs: number,
): Promise<readonly JsonObject[]> {
  const signal = AbortSignal.timeout(timeoutMs);
  const patient = {
    ...demandOf(endpoint, signal, JSON_TYPE),
    timeouts: sameTimeouts(timeoutMs),
  };
  const question = { method: 'GET', path: '/models', body: null } as const;
  const { text } = await whole(connections, question, patient).catch((reason) => {
    throw signal.aborted ? upstreamFailure('too_slow', reason) : reason;
  });
  const list = parseJsonObject(text);
  if (!list || !Array.isArray(list.data)) {
    throw upstreamFailure('not_an_answer', new Error(`no list of models: ${text.slice(0, 500)}`));
  }
  return list.data.map(jsonObject).filter((model) => model !== null);
}
