/** One request to a model, whichever door it came through. */
import type { ActorContext } from '../context.ts';
import { type Failure, fail } from '../kernel/failure.ts';
import type { Upload } from '../upstream/model-client.ts';
import type { RequestRecord } from '../usage/request-record.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** JSON text of what a caller sent. @throws Failure INVALID when it is nested too deeply to be written */
export function jsonText(
  value: object,
  replacer?: (field: string, value: unknown) => unknown,
): string {
  try {
    return JSON.stringify(value, replacer);
  } catch (error) {
    return fail('INVALID', 'The request is nested too deeply.', {}, error);
  }
}

/** What the gateway needs of a context: it outlives the request that it came with. */
export type GatewayContext = Pick<
  ActorContext,
  'actor' | 'config' | 'sql' | 'live' | 'log' | 'parts'
>;

export interface Ask {
  /** Also the id of the answer's message, for the chat. */
  readonly requestId: string;
  readonly source: 'chat' | 'api';
  /** The model's name in Lumen. */
  readonly model: string;
  /** Below an endpoint's address: `/chat/completions`. */
  readonly path: string;
  /** What the caller wants sent; `model`, `stream` and usage reporting are the gateway's to set. */
  readonly body: JsonObject;
  /** Set when a recording goes along; then the body's fields are those of its form. */
  readonly recording?: Recording;
  /** Is told once, when it is settled, what a log should say of it. Without it the gateway logs that as a line of its own. */
  readonly note?: (line: object) => void;
}

export interface Recording {
  /** Estimate of its length. */
  readonly seconds: number;
  /** @param model the model's name at the endpoint */
  form(model: string): Upload;
}

/** Why a signal was aborted: tells a request that was stopped on purpose from one that broke. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned';

  readonly outcome: 'stopped' | 'interrupted';
  /** What whoever waits for the answer is told; null when the server closes, or nobody waits. */
  readonly failure: Failure | null;

  constructor(outcome: Abandoned['outcome'], failure: Failure | null = null) {
    super(`the request was ${outcome}`);
    this.outcome = outcome;
    this.failure = failure;
  }
}

/** The bill of a request, after it was paid: what is remembered of it, but for whose it was. */
export type Receipt = Pick<
  RequestRecord,
  | 'outcome'
  | 'failureCode'
  | 'usage'
  | 'audioSeconds'
  | 'isEstimated'
  | 'cost'
  | 'firstTokenMs'
  | 'durationMs'
  | 'endpointId'
>;
