/** One completion, from admission to receipt; the chat and `/v1` know no other way to a model. */
import type { EndpointConfig } from '../config/config.ts';
import type { Answer, Delta } from '../upstream/delta.ts';
import { admit } from './admit.ts';
import type { Ask, GatewayContext, Receipt } from './ask.ts';
import { Running } from './running.ts';

export interface StreamedCompletion<T> {
  /** Must be iterated, or left by `break`; they end after the request was settled, so the last may be waited for. */
  readonly pieces: AsyncGenerator<T, void>;
  /** Resolves, whatever happened, once the request is settled. */
  readonly receipt: Promise<Receipt>;
}

export interface BinaryCompletion extends StreamedCompletion<Buffer> {
  readonly contentType: string;
}

export interface WholeCompletion {
  readonly answer: Answer;
  readonly receipt: Receipt;
}

/**
 * Begins a streamed answer: resolves when a model server has begun to answer, so a refusal has its own status.
 *
 * @throws Failure NOT_FOUND, FORBIDDEN, ACKNOWLEDGEMENT_NEEDED, BUDGET_SPENT, MODEL_UNAVAILABLE, UPSTREAM_REFUSED,
 *   UPSTREAM_FAILED; `pieces` may throw the last, or the signal's reason
 */
export async function streamCompletion(
  ctx: GatewayContext,
  ask: Ask,
  signal: AbortSignal,
): Promise<StreamedCompletion<readonly Delta[]>> {
  const running = new Running(ctx, await admit(ctx, ask));
  const more = { stream: true, ...(TELLS_USAGE_WHEN_ASKED.has(ask.path) && withUsage(ask.body)) };
  const body = (endpoint: EndpointConfig) => running.bodyFor(endpoint, more);
  const events = await running.send((endpoint) =>
    ctx.parts.upstream.stream(endpoint, ask.path, body(endpoint), signal),
  );
  return streamed(running, events, (deltas) => running.meter.pass(deltas));
}

/** Gives a whole answer; it is paid for when it is given. Failures as in `streamCompletion`. */
export async function completion(
  ctx: GatewayContext,
  ask: Ask,
  signal: AbortSignal,
): Promise<WholeCompletion> {
  const running = new Running(ctx, await admit(ctx, ask));
  const answer = await running.send((endpoint) =>
    ctx.parts.upstream.call(endpoint, ask.path, running.bodyFor(endpoint), signal),
  );
  running.meter.passAnswer(answer);
  return { answer, receipt: await running.settle('finished') };
}

/** Begins an answer that is no text, such as speech. Failures as in `streamCompletion`. */
export async function binaryCompletion(
  ctx: GatewayContext,
  ask: Ask,
  signal: AbortSignal,
): Promise<BinaryCompletion> {
  const running = new Running(ctx, await admit(ctx, ask));
  const { contentType, pieces } = await running.send((endpoint) =>
    ctx.parts.upstream.binary(endpoint, ask.path, running.bodyFor(endpoint), signal),
  );
  return { contentType, ...streamed(running, pieces, () => running.meter.passBytes()) };
}

function streamed<T>(
  running: Running,
  source: AsyncIterable<T>,
  pass: (piece: T) => void,
): StreamedCompletion<T> {
  const receipt = Promise.withResolvers<Receipt>();
  // Who only reads the pieces need not handle the receipt's failure as well.
  receipt.promise.catch(() => undefined);
  return { pieces: metered(running, source, pass, receipt), receipt: receipt.promise };
}

async function* metered<T>(
  running: Running,
  source: AsyncIterable<T>,
  pass: (piece: T) => void,
  receipt: PromiseWithResolvers<Receipt>,
): AsyncGenerator<T, void> {
  // A reader that leaves by `break` has stopped the answer; an end or an error says otherwise below.
  let ended: () => Promise<Receipt> = () => running.settle('stopped');
  try {
    for await (const piece of source) {
      pass(piece);
      yield piece;
    }
    ended = () => running.settle('finished');
  } catch (error) {
    ended = () => running.settleAfter(error);
    throw error;
  } finally {
    await ended().then(receipt.resolve, receipt.reject);
  }
  // An answer that could not be settled must not look complete.
  await receipt.promise;
}

/** Elsewhere the last event tells it anyhow. */
const TELLS_USAGE_WHEN_ASKED = new Set(['/chat/completions', '/completions']);

const withUsage = ({ stream_options: options }: Ask['body']): object => ({
  stream_options: { ...(options as object | undefined), include_usage: true },
});
