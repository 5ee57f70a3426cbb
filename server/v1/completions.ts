/** `/v1/chat/completions` and its kin: the same gateway as the chat, in OpenAI's shapes. */
import type { IncomingMessage } from 'node:http';
import { usableModel } from '../access/visible-models.ts';
import type { ActorContext } from '../context.ts';
import { Abandoned, type Ask } from '../gateway/ask.ts';
import { completion, streamCompletion } from '../gateway/complete.ts';
import type { Delta } from '../upstream/delta.ts';
import { drained } from './drained.ts';
import { type Reply, sendJson, wireError } from './errors.ts';
import { EventWriter } from './event-writer.ts';
import { needOutsideMedia } from './media-addresses.ts';
import { readJsonBody } from './read-body.ts';
import { needOwnState } from './responses.ts';
import { type CompletionRequest, completionRequest, withModelName } from './wire.ts';

/** What of OpenAI's API is sent on to model servers, and the field that each can't do without. */
export const COMPLETION_PATHS: ReadonlyMap<string, string> = new Map([
  ['/chat/completions', 'messages'],
  ['/completions', 'prompt'],
  ['/embeddings', 'input'],
  ['/responses', 'input'],
  ['/images/generations', 'prompt'],
  ['/audio/speech', 'input'],
  ['/audio/transcriptions', 'file'],
  ['/audio/translations', 'file'],
]);

export interface Exchange extends Reply {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly control: AbortController;
  /** Of `control`: aborted with `Abandoned` when the client leaves, loses its access, or the server closes. */
  readonly signal: AbortSignal;
  /** What its line in the log will say of it. */
  readonly noted: Record<string, unknown>;
}

export async function answerCompletion(
  ctx: ActorContext,
  exchange: Exchange,
  path: string,
): Promise<void> {
  const json = await readJsonBody(exchange.request, ctx.config.api.bodyBytesMax.json);
  const request = completionRequest(json, COMPLETION_PATHS.get(path) ?? 'model');
  if (path === '/responses') needOwnState(request.body);
  needOutsideMedia(request.body);
  const answered = request.isStream ? streamAnswer : wholeAnswer;
  await whileUsable(ctx, exchange, request.model, () => answered(ctx, exchange, path, request));
}

/** An answer ends when its account may not use the model any more. */
export async function whileUsable(
  { actor, config, parts }: ActorContext,
  { control, noted }: Exchange,
  model: string,
  answered: () => Promise<void>,
): Promise<void> {
  // What anybody may write as a name is not logged.
  if (config.models.has(model)) noted.model = model;
  const unwatch = parts.revocations.watch(
    { actor, config, condition: (now) => usableModel(now, model, 'api') },
    (reason) => control.abort(new Abandoned('interrupted', reason)),
  );
  try {
    await answered();
  } finally {
    unwatch();
  }
}

async function wholeAnswer(
  ctx: ActorContext,
  exchange: Exchange,
  path: string,
  request: CompletionRequest,
): Promise<void> {
  const { answer } = await completion(ctx, askOf(exchange, path, request), exchange.signal);
  sendJson(exchange, 200, withModelName(answer.raw, answer.upstreamModel, request.model));
}

const askOf = (exchange: Exchange, path: string, { model, body }: CompletionRequest): Ask => ({
  ...doorOf(exchange),
  model,
  path,
  body,
});

/** What is the same of every request that comes by this door. */
export const doorOf = ({ requestId, noted }: Exchange) =>
  ({
    requestId,
    source: 'api',
    note: (line: object) => void Object.assign(noted, line),
  }) as const;

async function streamAnswer(
  ctx: ActorContext,
  exchange: Exchange,
  path: string,
  request: CompletionRequest,
): Promise<void> {
  const ask = askOf(exchange, path, request);
  const { pieces } = await streamCompletion(ctx, ask, exchange.signal);
  await sendEvents(ctx, exchange, pieces, new EventWriter({ ...request, path }));
}

export async function sendEvents(
  ctx: ActorContext,
  exchange: Exchange,
  deltas: AsyncIterable<readonly Delta[]>,
  writer: EventWriter,
): Promise<void> {
  const { response, headers, signal } = exchange;
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  try {
    for await (const batch of deltas) {
      const text = writer.write(batch);
      if (text !== '' && !response.write(text)) await drained(response, signal);
    }
    // The answer is settled: only now may it look complete.
    response.end(writer.end());
  } catch (error) {
    endBroken(ctx, exchange, writer, error);
  }
}

function endBroken(
  { log }: ActorContext,
  { response, requestId }: Exchange,
  writer: EventWriter,
  error: unknown,
): void {
  if (response.destroyed) return;
  const cause = error instanceof Abandoned ? error.failure : error;
  const told = cause === null ? { error: INTERRUPTED } : wireError(cause, log, requestId).body;
  response.end(writer.broken(told));
}

const INTERRUPTED = {
  message: 'The server is being restarted; the answer was cut off. Please try again.',
  type: 'server_error',
  param: null,
  code: 'interrupted',
};
