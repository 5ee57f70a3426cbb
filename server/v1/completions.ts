/** `/v1/chat/completions` and its kin: the same gateway as the chat, in OpenAI's shapes. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActorContext } from '../context.ts';
import { Abandoned } from '../gateway/ask.ts';
import { completion, streamCompletion } from '../gateway/complete.ts';
import { sendJson, wireError } from './errors.ts';
import { readJsonBody } from './read-body.ts';
import { type CompletionRequest, completionRequest, EventWriter, withModelName } from './wire.ts';

/** What of OpenAI's API is sent on to model servers, and the field that each can't do without. */
export const COMPLETION_PATHS: ReadonlyMap<string, string> = new Map([
  ['/chat/completions', 'messages'],
  ['/completions', 'prompt'],
  ['/embeddings', 'input'],
]);

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly control: AbortController;
  /** Of `control`: aborted with `Abandoned` when the client leaves, loses its access, or the server closes. */
  readonly signal: AbortSignal;
}

export async function answerCompletion(
  ctx: ActorContext,
  exchange: Exchange,
  path: string,
): Promise<void> {
  const request = completionRequest(
    await readJsonBody(exchange.request),
    COMPLETION_PATHS.get(path) ?? 'model',
  );
  if (request.isStream) return streamAnswer(ctx, exchange, path, request);
  const { answer } = await completion(ctx, askOf(exchange, path, request), exchange.signal);
  sendJson(exchange.response, 200, withModelName(answer.raw, answer.upstreamModel, request.model));
}

const askOf = ({ requestId }: Exchange, path: string, { model, body }: CompletionRequest) =>
  ({ requestId, source: 'api', model, path, body }) as const;

async function streamAnswer(
  ctx: ActorContext,
  exchange: Exchange,
  path: string,
  request: CompletionRequest,
): Promise<void> {
  const { response, signal } = exchange;
  const { deltas } = await streamCompletion(ctx, askOf(exchange, path, request), signal);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  try {
    const writer = new EventWriter(request);
    for await (const batch of deltas) {
      const text = writer.write(batch);
      if (text !== '' && !response.write(text)) await once(response, 'drain', { signal });
    }
    // The answer is settled: only now may it look complete.
    response.end('data: [DONE]\n\n');
  } catch (error) {
    endBroken(ctx, exchange, error);
  }
}

/** A cut answer must never look complete: an error event, and no `[DONE]`. */
function endBroken({ log }: ActorContext, { response, requestId }: Exchange, error: unknown): void {
  if (response.destroyed) return;
  const cause = error instanceof Abandoned ? error.failure : error;
  const told = cause === null ? { error: INTERRUPTED } : wireError(cause, log, requestId).body;
  response.end(`data: ${JSON.stringify(told)}\n\n`);
}

const INTERRUPTED = {
  message: 'The server is being restarted; the answer was cut off. Please try again.',
  type: 'server_error',
  param: null,
  code: 'interrupted',
};
