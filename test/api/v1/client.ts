// The two ways in which tests call /v1: the official SDK, and HTTP by hand.
import OpenAI, { type ClientOptions } from 'openai';
import type { TestApp } from '../../support/app.ts';

/** The key of somebody new. */
export const keyOf = async (app: Pick<TestApp, 'person'>): Promise<string> =>
  (await (await app.person()).withKey()).key;

/** The official SDK with the key of somebody new; it tries once unless told otherwise. */
export async function sdkOf(app: TestApp, options: ClientOptions = {}): Promise<OpenAI> {
  return new OpenAI({
    apiKey: await keyOf(app),
    baseURL: `${app.url}/v1`,
    maxRetries: 0,
    ...options,
  });
}

interface Posting {
  readonly key?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** POSTs to /v1/chat/completions, unless another path is named; an object is sent as JSON, a text as it is. */
export function post(
  { url }: { url: string },
  body: unknown,
  { key, path = '/chat/completions', headers, signal }: Posting = {},
): Promise<Response> {
  return fetch(`${url}/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

/** What OpenAI's error object says. */
interface WireError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

export async function errorOf(response: Response): Promise<WireError> {
  const { error } = (await response.json()) as { error: WireError };
  return error;
}

/** The data of each event of a streamed answer, the last being `[DONE]` when it is complete. */
export async function eventsOf(response: Response): Promise<string[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => event.replace(/^data: /, ''));
}

export const HELLO = { model: 'fake', messages: [{ role: 'user' as const, content: 'Hello' }] };
