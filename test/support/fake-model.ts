/**
 * A model server that does what a test tells it, well or badly. It speaks real HTTP on a free port.
 *
 * ```ts
 * const model = await startFakeModel();                // answers 'Hello, world!' at once, streamed or whole
 * model.answer(says('Paris', ' it is'));               // from now on
 * model.answerNext(refuses(429, 'slow down'));         // once, before that
 *
 * model.answer(waits());                               // the test speaks for the model:
 * const request = await model.received();              // the 1st request; received(2) is the 2nd
 * request.says('Hel'); request.says('lo');
 * request.finishes();                                  // finish reason, usage, [DONE]
 * // shorter, for the latest request:                  await model.says('Hello'); await model.finishes();
 *
 * expect(request.body.model).toBe('fake-1');
 * await request.closedByClient;                        // the client left before the answer's end
 * await model.close();
 * ```
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_USAGE, FakeRequest } from './fake-request.ts';

/** What the model does with one request. Write your own for anything not below: `request.response` is node's. */
export type Behaviour = (request: FakeRequest) => unknown;

/** The texts, streamed at once when the request says `stream`, else as one whole answer; then usage and the end. */
export function says(...texts: string[]): Behaviour {
  return answers({ texts });
}

export interface Speech {
  readonly texts?: readonly string[];
  readonly reasoning?: readonly string[];
  /** Null: the model never tells usage. Else sent as it is, in a last event with `choices: []`, asked for or not. */
  readonly usage?: unknown;
  readonly finishReason?: string;
}

/** As `says`, with reasoning, with another usage or none, with another finish reason. */
export function answers(speech: Speech): Behaviour {
  const { texts = [], reasoning = [], usage = DEFAULT_USAGE, finishReason = 'stop' } = speech;
  return (request) => {
    if (request.body.stream !== true) {
      return request.sendsWhole(texts.join(''), reasoning.join(''), usage, finishReason);
    }
    for (const text of reasoning) request.reasons(text);
    for (const text of texts) request.says(text);
    request.finishes({ usage, finishReason });
  };
}

/** The model has taken the request and sends nothing: the test speaks through the `FakeRequest`. Also a hang. */
export const waits = (): Behaviour => () => undefined;

/** Sends the texts and then nothing more, with the connection open. */
export function hangsAfter(...texts: string[]): Behaviour {
  return (request) => {
    for (const text of texts) request.says(text);
  };
}

/** Sends the texts, then resets the connection. Without texts the reset comes before the answer's head. */
export function resetsAfter(...texts: string[]): Behaviour {
  return async (request) => {
    for (const text of texts) await request.delivers(text);
    request.resets();
  };
}

/** Sends the texts and ends the stream in good order, with neither finish reason nor `[DONE]`. */
export function endsAfter(...texts: string[]): Behaviour {
  return (request) => {
    for (const text of texts) request.says(text);
    request.response.end();
  };
}

/** Sends the texts, then an event that tells of an error, then `[DONE]`. */
export function errorAfter(error: unknown, ...texts: string[]): Behaviour {
  return (request) => {
    for (const text of texts) request.says(text);
    request.sends(`data: ${JSON.stringify(error)}\n\ndata: [DONE]\n\n`);
    request.response.end();
  };
}

/** Any whole answer of this status; an object is sent as JSON, a text as it is. */
export function responds(status: number, body: unknown, headers: object = {}): Behaviour {
  return ({ response }) => {
    const isText = typeof body === 'string';
    const type = isText ? 'text/plain' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(isText ? body : JSON.stringify(body));
  };
}

/** A refusal in OpenAI's shape. */
export function refuses(status: number, message: string, headers: object = {}): Behaviour {
  return responds(status, { error: { message, type: 'invalid_request_error' } }, headers);
}

/** An event stream of exactly this text: garbage, odd line ends, huge lines. */
export function streamsText(...pieces: (string | Buffer)[]): Behaviour {
  return async (request) => {
    for (const piece of pieces) await request.sends(piece);
    request.response.end();
  };
}

export const respondsHtml = (): Behaviour =>
  responds(200, '<!doctype html><title>Welcome</title>', { 'content-type': 'text/html' });

export class FakeModel {
  /** All requests other than GET, in the order of their arrival. */
  readonly requests: FakeRequest[] = [];
  /** What GET /models lists. */
  models: string[] = ['fake-1'];
  /** Replaces the list of GET /models, for health checks that shall fail. */
  modelsBehaviour: Behaviour | null = null;
  /** `http://127.0.0.1:PORT/v1` */
  url = '';
  private standing: Behaviour = says('Hello', ', world!');
  private readonly once: Behaviour[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const bytes = Buffer.concat(pieces);
      this.take(`${request.method} ${request.url}`, request.headers, bytes, response);
    });
  });

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
    return this;
  }

  /** What happens with all requests that come from now on. */
  answer(behaviour: Behaviour): void {
    this.standing = behaviour;
  }

  /** What happens with the next requests, one each, before the standing behaviour holds again. */
  answerNext(...behaviours: Behaviour[]): void {
    this.once.push(...behaviours);
  }

  /** The nth request (from 1), as soon as it is here with its whole body. */
  async received(n = 1): Promise<FakeRequest> {
    for (;;) {
      const request = this.requests[n - 1];
      if (request) return request;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Resolves when the client has left the nth request (from 1) before its answer ended. */
  async closedByClient(n = 1): Promise<void> {
    await (await this.received(n)).closedByClient;
  }

  /** Speaks in the latest request, waiting for the first if there is none yet; resolves when the text is sent. */
  async says(text: string): Promise<void> {
    await (await this.latest()).delivers(text);
  }

  /** Ends the latest request as `FakeRequest.finishes` does. */
  async finishes(end?: { usage?: unknown; finishReason?: string }): Promise<void> {
    (await this.latest()).finishes(end);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private latest(): Promise<FakeRequest> {
    return this.received(Math.max(this.requests.length, 1));
  }

  private take(
    place: string,
    headers: IncomingHttpHeaders,
    bytes: Buffer,
    response: ServerResponse,
  ): void {
    const request = new FakeRequest(place, headers, bytes, response);
    if (place.startsWith('GET ')) {
      const data = this.models.map((id) => ({ id, object: 'model' }));
      void (this.modelsBehaviour ?? responds(200, { object: 'list', data }))(request);
      return;
    }
    this.requests.push(request);
    void (this.once.shift() ?? this.standing)(request);
    for (const wake of this.waiting.splice(0)) wake();
  }
}

export function startFakeModel(): Promise<FakeModel> {
  return new FakeModel().listen();
}
