import type { EndpointConfig } from '../config/config.ts';
import { Failure, type FailureCode } from '../kernel/failure.ts';
import type { Slot } from '../model/slot.ts';
import type { RequestBody } from '../upstream/model-client.ts';
import type { Outcome, RequestRecord } from '../usage/request-record.ts';
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
    const { ask, model, reservation } = this.#admission;
    const { requestId, source } = ask;
    const { accountId, apiKeyId, policy } = reservation.ask;
    const bill = billOf(this.#admission, this.meter);
    const record: RequestRecord = {
      requestId,
      accountId,
      apiKeyId,
      addressClass: this.#ctx.actor.keyTerms?.addressClass ?? null,
      model: model.name,
      endpointId: this.#slot?.endpoint.id ?? null,
      source,
      outcome,
      failureCode,
      usage: bill.usage,
      audioSeconds: bill.audioSeconds,
      isEstimated: bill.isEstimated,
      cost: bill.cost,
      firstTokenMs: this.meter.firstTokenMs,
      durationMs: this.meter.durationMs,
    };
    const { leased } = reservation;
    const settlement = { requestId, accountId, policy, charge: bill.charge, leased };
    await this.#bill({ settlement, record });
    this.#log(record, bill.isOverstated);
    return record;
  }

  #log(record: RequestRecord, isOverstated: boolean): void {
    const { requestId: completion, note } = this.#admission.ask;
    const line = logged(record);
    if (isOverstated)
      this.#ctx.log.warn({ completion, ...line }, 'a model server counted more than can be');
    if (note) note(line);
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

/** Field by field: this is done for each request, and copying what is left of an object takes ten times as long. */
const logged = (record: RequestRecord): object => ({
  account: record.accountId,
  model: record.model,
  outcome: record.outcome,
  failureCode: record.failureCode,
  audioSeconds: record.audioSeconds,
  isEstimated: record.isEstimated,
  firstTokenMs: record.firstTokenMs,
  durationMs: record.durationMs,
  endpointId: record.endpointId,
  inputTokens: record.usage.inputTokens,
  cachedInputTokens: record.usage.cachedInputTokens,
  outputTokens: record.usage.outputTokens,
  reasoningTokens: record.usage.reasoningTokens,
  cost: record.cost.toString(),
});
