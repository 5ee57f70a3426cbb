import type { EndpointConfig } from '../config/config.ts';
import { Failure, type FailureCode } from '../kernel/failure.ts';
import type { Slot } from '../model/slot.ts';
import type { RequestBody } from '../upstream/model-client.ts';
import type { Outcome } from '../usage/request-record.ts';
import type { Admission } from './admit.ts';
import { Abandoned, type GatewayContext, jsonText, type Receipt } from './ask.ts';
import { billOf } from './bill.ts';
import { Meter } from './meter.ts';
import type { Replica } from './replica.ts';
import { send } from './send.ts';
import type { Ended } from './settle.ts';

declare module '../context.ts' {
  interface Parts {
    readonly replica: Replica;
  }
}

/** An admitted request until it is settled. */
export class Running {
  readonly meter: Meter;
  readonly #ctx: GatewayContext;
  readonly #admission: Admission;
  readonly #close: () => void;
  #slot: Slot | null = null;
  #isSent = false;

  constructor(ctx: GatewayContext, admission: Admission) {
    this.#ctx = ctx;
    this.#admission = admission;
    const { ask, measure, reservation } = admission;
    const isText = ask.path !== '/images/generations';
    this.meter = new Meter(measure.inputTokens, isText ? null : reservation.outputTokens);
    this.#close = ctx.parts.replica.opened(this);
  }

  get requestId(): string {
    return this.#admission.ask.requestId;
  }

  /** So far, for the case that the process dies. What is paid for by its time has no half: 1 is all of it. */
  get outputTokens(): number {
    if (this.#admission.measure.seconds === null) return this.meter.usage.outputTokens;
    return this.#isSent ? 1 : 0;
  }

  /** What is sent to an endpoint; `more` are fields of the gateway's own. */
  bodyFor({ model }: EndpointConfig, more?: object): RequestBody {
    const { body, recording } = this.#admission.ask;
    return recording ? recording.form(model) : jsonText({ ...body, model, ...more });
  }

  async send<T>(attempt: (endpoint: EndpointConfig) => Promise<T>): Promise<T> {
    try {
      const { slot, result } = await send(this.#ctx, this.#admission, (endpoint) => {
        this.#isSent = true;
        return attempt(endpoint);
      });
      this.#slot = slot;
      return result;
    } catch (error) {
      await this.settleAfter(error);
      throw error;
    }
  }

  settleAfter(error: unknown): Promise<Receipt> {
    this.#slot?.failed(error);
    const cause = error instanceof Abandoned ? (error.failure ?? error) : error;
    if (cause instanceof Abandoned) return this.settle(cause.outcome);
    return this.settle('failed', cause instanceof Failure ? cause.code : 'INTERNAL');
  }

  async settle(outcome: Outcome, failureCode: FailureCode | null = null): Promise<Receipt> {
    if (outcome === 'finished') this.#slot?.finished();
    else this.#slot?.leave();
    const { meter } = this;
    const { ask, model, reservation } = this.#admission;
    const { firstTokenMs, durationMs } = meter;
    const { accountId, apiKeyId, policy } = reservation.ask;
    const { charge, isOverstated, ...bill } = billOf(this.#admission, meter);
    const receipt = {
      outcome,
      failureCode,
      ...bill,
      firstTokenMs,
      durationMs,
      endpointId: this.#slot?.endpoint.id ?? null,
    };
    const { requestId, source } = ask;
    await this.#bill({
      settlement: { requestId, accountId, policy, charge, leased: reservation.leased },
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
    this.#log(receipt, isOverstated);
    return receipt;
  }

  #log(receipt: Receipt, isOverstated: boolean): void {
    const { ask, model, reservation } = this.#admission;
    const { accountId } = reservation.ask;
    const line = { account: accountId, model: model.name, ...logged(receipt) };
    const completion = ask.requestId;
    if (isOverstated)
      this.#ctx.log.warn({ completion, ...line }, 'a model server counted more than can be');
    if (ask.note) ask.note(line);
    else if (this.#ctx.config.logs.access)
      this.#ctx.log.info({ completion, ...line }, 'completion');
  }

  /** Until the bill is written, or can't be, the request is open: what is not open any more is reaped. */
  async #bill(ended: Ended): Promise<void> {
    try {
      await this.#ctx.parts.settler.settle(ended);
    } finally {
      this.#close();
    }
  }
}

const logged = ({ usage, cost, ...rest }: Receipt): object => ({
  ...rest,
  ...usage,
  cost: cost.toString(),
});
