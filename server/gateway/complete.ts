/** One completion, from admission to receipt; the chat and `/v1` know no other way to a model. */
import type { EndpointConfig } from '../config/config.ts';
import { Failure, type FailureCode } from '../kernel/failure.ts';
import type { Answer, Delta } from '../upstream/delta.ts';
import type { Outcome } from '../usage/request-record.ts';
import { type Admission, admit } from './admit.ts';
import { Abandoned, type Ask, type GatewayContext, jsonText, type Receipt } from './ask.ts';
import { Meter } from './meter.ts';
import type { Replica } from './replica.ts';
import { send } from './send.ts';
import { billFor, type Ended } from './settle.ts';

declare module '../context.ts' {
  interface Parts {
    readonly replica: Replica;
  }
}

export interface StreamedCompletion {
  /** Must be iterated, or left by `break`; it ends after the request was settled, so its last event may be waited for. */
  readonly deltas: AsyncGenerator<readonly Delta[], void>;
  /** Resolves, whatever happened, once the request is settled. */
  readonly receipt: Promise<Receipt>;
}

export interface WholeCompletion {
  readonly answer: Answer;
  readonly receipt: Receipt;
}

/**
 * Begins a streamed answer: resolves when a model server has begun to answer, so a refusal has its own status.
 *
 * @throws Failure NOT_FOUND, FORBIDDEN, ACKNOWLEDGEMENT_NEEDED, BUDGET_SPENT, MODEL_UNAVAILABLE, UPSTREAM_REFUSED,
 *   UPSTREAM_FAILED; `deltas` may throw the last, or the signal's reason
 */
export async function streamCompletion(
  ctx: GatewayContext,
  ask: Ask,
  signal: AbortSignal,
): Promise<StreamedCompletion> {
  const running = new Running(ctx, await admit(ctx, ask));
  const body = (endpoint: EndpointConfig) =>
    jsonText({
      ...running.body,
      model: endpoint.model,
      stream: true,
      stream_options: withUsage(running.body),
    });
  const events = await running.send((endpoint) =>
    ctx.parts.upstream.stream(endpoint, ask.path, body(endpoint), ctx.config.upstream, signal),
  );
  const receipt = Promise.withResolvers<Receipt>();
  // Who only reads the deltas need not handle the receipt's failure as well.
  receipt.promise.catch(() => undefined);
  return { deltas: metered(running, events, receipt), receipt: receipt.promise };
}

/** Gives a whole answer; it is paid for when it is given. Failures as in `streamCompletion`. */
export async function completion(
  ctx: GatewayContext,
  ask: Ask,
  signal: AbortSignal,
): Promise<WholeCompletion> {
  const running = new Running(ctx, await admit(ctx, ask));
  const body = (endpoint: EndpointConfig) => jsonText({ ...running.body, model: endpoint.model });
  const answer = await running.send((endpoint) =>
    ctx.parts.upstream.call(endpoint, ask.path, body(endpoint), ctx.config.upstream, signal),
  );
  running.meter.passAnswer(answer);
  return { answer, receipt: await running.settle('finished') };
}

async function* metered(
  running: Running,
  events: AsyncIterable<readonly Delta[]>,
  receipt: PromiseWithResolvers<Receipt>,
): AsyncGenerator<readonly Delta[], void> {
  // A reader that leaves by `break` has stopped the answer; an end or an error says otherwise below.
  let ended: () => Promise<Receipt> = () => running.settle('stopped');
  try {
    for await (const deltas of events) {
      running.meter.pass(deltas);
      yield deltas;
    }
    ended = () => running.settle('finished');
  } catch (error) {
    ended = () => running.settleAfter(error);
    throw error;
  } finally {
    await ended().then(receipt.resolve, receipt.reject);
  }
}

const withUsage = (body: Ask['body']): object => ({
  ...(body.stream_options as object | undefined),
  include_usage: true,
});

/** An admitted request until it is settled. */
class Running {
  readonly meter: Meter;
  readonly #ctx: GatewayContext;
  readonly #admission: Admission;
  #endpointId: string | null = null;

  constructor(ctx: GatewayContext, admission: Admission) {
    this.#ctx = ctx;
    this.#admission = admission;
    this.meter = new Meter(admission.reservation.ask.inputTokens);
    ctx.parts.replica.opened(this);
  }

  get requestId(): string {
    return this.#admission.ask.requestId;
  }

  /** So far; for the case that the process dies. */
  get outputTokens(): number {
    return this.meter.usage.outputTokens;
  }

  get body(): Ask['body'] {
    return this.#admission.ask.body;
  }

  async send<T>(attempt: (endpoint: EndpointConfig) => Promise<T>): Promise<T> {
    try {
      const { endpoint, result } = await send(this.#ctx, this.#admission, attempt);
      this.#endpointId = endpoint.id;
      return result;
    } catch (error) {
      await this.settleAfter(error);
      throw error;
    }
  }

  settleAfter(error: unknown): Promise<Receipt> {
    if (error instanceof Abandoned) return this.settle(error.outcome);
    return this.settle('failed', error instanceof Failure ? error.code : 'INTERNAL');
  }

  async settle(outcome: Outcome, failureCode: FailureCode | null = null): Promise<Receipt> {
    const { meter } = this;
    const { ask, model, reservation } = this.#admission;
    const { usage, isEstimated, firstTokenMs, durationMs } = meter;
    const { accountId, apiKeyId, policy, prices } = reservation.ask;
    const terms = { unit: policy.unit, prices, cachedInput: model.prices.cachedInput };
    const { cost, charge } = billFor(terms, usage);
    const receipt = {
      outcome,
      failureCode,
      usage,
      isEstimated,
      cost,
      firstTokenMs,
      durationMs,
      endpointId: this.#endpointId,
    };
    const { requestId, source } = ask;
    await this.#bill({
      settlement: { requestId, accountId, policy, charge },
      record: {
        ...receipt,
        requestId,
        accountId,
        apiKeyId,
        addressClass: this.#ctx.actor.keyTerms?.addressClass ?? null,
        source,
        model: model.name,
      },
    });
    this.#ctx.log.info(
      { completion: requestId, account: accountId, model: model.name, ...logged(receipt) },
      'completion',
    );
    return receipt;
  }

  /** Until the bill is written, or can't be, the request is open: what is not open any more is reaped. */
  async #bill(ended: Ended): Promise<void> {
    try {
      await this.#ctx.parts.settler.settle(ended);
    } finally {
      this.#ctx.parts.replica.closed(this);
    }
  }
}

const logged = ({ usage, cost, ...rest }: Receipt): object => ({
  ...rest,
  ...usage,
  cost: cost.toString(),
});
