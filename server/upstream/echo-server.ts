/** The model server that comes with Lumen: it echoes, so that everything can be tried before a real model is connected. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerChat, answerCompletion, answerEmbeddings } from './echo-answers.ts';
import { parseJsonObject } from './json.ts';

const MODEL = 'dummy';
const BODY_BYTES_MAX = 32 * 1024 * 1024;
const WORD_DELAY_MS = 20;

export interface EchoServer {
  /** `http://HOST:PORT/v1` */
  readonly url: string;
  close(): Promise<void>;
}

const ROUTES = {
  'POST /v1/chat/completions': answerChat,
  'POST /v1/completions': answerCompletion,
  'POST /v1/embeddings': answerEmbeddings,
} as const;

/** Listens on 127.0.0.1 and a free port unless told otherwise; streams a word each `wordDelayMs` (20; 0: all at once). */
export async function startEchoServer(
  options: { port?: number; host?: string; wordDelayMs?: number } = {},
): Promise<EchoServer> {
  const { port = 0, host = '127.0.0.1', wordDelayMs = WORD_DELAY_MS } = options;
  const server = createServer((request, response) => {
    answer(request, response, wordDelayMs).catch(() => response.destroy());
  });
  await listen(server, port, host);
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, wordDelayMs: number) {
  const place = `${request.method} ${request.url}`;
  if (place === 'GET /v1/models') {
    const model = { id: MODEL, object: 'model', created: 0, owned_by: 'lumen' };
    return sendJson(response, 200, { object: 'list', data: [model] });
  }
  const route = Object.hasOwn(ROUTES, place) ? ROUTES[place as keyof typeof ROUTES] : null;
  if (!route) return refuse(response, 404, `There is no ${place} here.`);
  const body = await readBody(request);
  const question = body === null ? null : parseJsonObject(body);
  if (!question) return refuse(response, 400, 'The body must be a JSON object.');
  if (question.model !== MODEL) {
    return refuse(response, 404, `The model ${String(question.model)} does not exist.`);
  }
  const reply = route(question);
  if (typeof reply === 'string') return refuse(response, 400, reply);
  if ('whole' in reply) return sendJson(response, 200, reply.whole);
  sendEvents(response, reply.events, wordDelayMs);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > BODY_BYTES_MAX) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function sendEvents(response: ServerResponse, events: Iterator<object>, wordDelayMs: number): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  const sendNext = (): boolean => {
    const { done, value } = events.next();
    if (done) response.end('data: [DONE]\n\n');
    else response.write(`data: ${JSON.stringify(value)}\n\n`);
    return done !== true;
  };
  if (wordDelayMs > 0) {
    sendNext();
    const timer = setInterval(() => {
      if (!sendNext()) clearInterval(timer);
    }, wordDelayMs);
    response.on('close', () => clearInterval(timer));
  } else {
    while (sendNext());
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, {
    error: { message, type: 'invalid_request_error', param: null, code: null },
  });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
