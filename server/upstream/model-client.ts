/** The door to model servers: gateway and health checks know no other way to reach one. */
import type { Readable } from 'node:stream';
import type { EndpointConfig } from '../config/config.ts';
import type { Answer, BinaryAnswer, Delta } from './delta.ts';
import type { JsonObject } from './json.ts';

/** A body that is no JSON. */
export interface Upload {
  readonly contentType: string;
  readonly bytes: number;
  /** From its beginning, for each attempt anew. */
  open(): Readable;
}

export type RequestBody = string | Upload;

export interface ModelClient {
  /**
   * Sends a request and gives the answer's events in batches, one batch for each piece that the network delivered.
   * Resolves once the model server has answered with a success status and an event stream, so a refusal is known
   * before anything reaches the client. Leaving the iteration, or aborting the signal, closes the connection.
   * `[DONE]` ends the iteration and is not among the deltas. What arrived before a failure is given before it is thrown.
   *
   * @param path below the endpoint's address, such as `/chat/completions`
   * @param body JSON text, or a form with a file; it is sent as it is
   * @throws Failure UPSTREAM_REFUSED (the request's fault: 400, 404, 409, 413, 415, 422, 429, with the server's cleaned
   *   message, `details.status` and `details.retryAfterSeconds`), UPSTREAM_FAILED (everything else: connection, time-out,
   *   5xx, refused credentials, an answer that is not what it should be, an `error` event in the stream, a stream that
   *   ends without a finish reason or `[DONE]`; `details.reason` is `upstream_unreachable`, `upstream_too_slow`,
   *   `upstream_broke_off`, `upstream_not_an_answer`, `upstream_refused_credentials` or `upstream_failed`, and `cause`
   *   holds what happened, for the log). The signal's reason is thrown when it was aborted.
   */
  stream(
    endpoint: EndpointConfig,
    path: string,
    body: RequestBody,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly Delta[]>>;

  /** Sends a request and gives its whole answer, which only an upload may get as other text than JSON; failures as in `stream`. */
  call(
    endpoint: EndpointConfig,
    path: string,
    body: RequestBody,
    signal: AbortSignal,
  ): Promise<Answer>;

  /** Sends a request and gives the bytes of its answer, whatever they are, but for a web page; failures as in `stream`. */
  binary(
    endpoint: EndpointConfig,
    path: string,
    body: RequestBody,
    signal: AbortSignal,
  ): Promise<BinaryAnswer>;

  /** What `GET /models` says of the model that the endpoint is for; null when it lists none such. Failures as in `stream`. */
  describeModel(endpoint: EndpointConfig, timeoutMs: number): Promise<JsonObject | null>;

  /** The ids that `GET /models` lists. Failures as in `stream`. */
  listModels(endpoint: EndpointConfig, timeoutMs: number): Promise<readonly string[]>;

  /** Closes all connections; answers that are still running break off. */
  close(): Promise<void>;
}
