import { spawn } from 'node:child_process';
import { once } from 'node:events';
import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';
import { type EchoServer, startEchoServer } from '../../../server/upstream/echo-server.ts';
import { undiciModelClient } from '../../../server/upstream/undici-client.ts';
import { deltasOf, endpointAt, NEVER, textOf } from './upstream.ts';

let echo: EchoServer;
let openai: OpenAI;

beforeAll(async () => {
  echo = await startEchoServer({ wordDelayMs: 1 });
  openai = new OpenAI({ baseURL: echo.url, apiKey: 'none', maxRetries: 0 });
});
afterAll(() => echo.close());

const messages = [
  { role: 'system' as const, content: 'Be kind.' },
  { role: 'user' as const, content: 'Good morning,\nLumen' },
];

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

test('the model list holds dummy', async () => {
  const list = await openai.models.list();
  expect(list.data.map(({ id }) => id)).toEqual(['dummy']);
});

test('the answer quotes the last message and shows mathematics and a list', async () => {
  const { choices, usage } = await openai.chat.completions.create({ model: 'dummy', messages });
  const text = choices[0]?.message.content ?? '';
  expect(text).toContain('> Good morning,\n> Lumen\n');
  expect(text).toMatch(/\s\$[^$\n]+\$\s/);
  expect(text).toMatch(/\n\n\$\$\n[^$]+\n\$\$\n\n/);
  expect(text).toMatch(/\n\n- .+\n- /);
  expect(choices[0]?.finish_reason).toBe('stop');
  const prompt = Math.ceil('Be kind.Good morning,\nLumen'.length / 4);
  const completion = Math.ceil(text.length / 4);
  expect(usage).toEqual({
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  });
});

test('the streamed answer is the whole answer, word by word, with the role first and usage last', async () => {
  const whole = await openai.chat.completions.create({ model: 'dummy', messages });
  const stream = await openai.chat.completions.create({
    model: 'dummy',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await all(stream);
  const texts = chunks.flatMap(({ choices }) => choices[0]?.delta.content || []);
  expect(texts.join('')).toBe(whole.choices[0]?.message.content);
  expect(texts.every((text) => text.trim().split(/\s+/).length === 1)).toBe(true);
  expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
});

test('a stream tells usage only when asked', async () => {
  const stream = await openai.chat.completions.create({ model: 'dummy', messages, stream: true });
  const chunks = await all(stream);
  expect(chunks.every(({ usage }) => !usage)).toBe(true);
});

test.each(['max_tokens', 'max_completion_tokens'])('%s cuts the answer', async (limit) => {
  const { choices, usage } = await openai.chat.completions.create({
    model: 'dummy',
    messages,
    [limit]: 3,
  });
  expect(choices[0]?.message.content?.trim()).toBe('You wrote:\n\n>');
  expect(choices[0]?.finish_reason).toBe('length');
  expect(usage?.completion_tokens).toBe(3);
});

test('legacy completions echo the prompt, whole and streamed', async () => {
  const prompt = 'one two  three';
  const whole = await openai.completions.create({ model: 'dummy', prompt });
  expect(whole.choices[0]).toMatchObject({ text: prompt, finish_reason: 'stop' });
  const stream = await openai.completions.create({ model: 'dummy', prompt, stream: true });
  const chunks = await all(stream);
  expect(chunks.map(({ choices }) => choices[0]?.text).join('')).toBe(prompt);
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
});

test('embeddings are the same for the same text', async () => {
  const input = ['sun', 'moon', 'sun'];
  const { data, usage } = await openai.embeddings.create({
    model: 'dummy',
    input,
    encoding_format: 'float',
  });
  expect(data[0]?.embedding).toEqual(data[2]?.embedding);
  expect(data[0]?.embedding).not.toEqual(data[1]?.embedding);
  expect(data[0]?.embedding).toHaveLength(8);
  expect(usage.prompt_tokens).toBe(3);
});

test.each([
  ['/chat/completions', { model: 'gpt', messages }, 404],
  ['/nothing', { model: 'dummy' }, 404],
  ['/chat/completions', { model: 'dummy' }, 400],
  ['/chat/completions', { model: 'dummy', messages: [] }, 400],
  ['/completions', { model: 'dummy', prompt: 7 }, 400],
  ['/embeddings', { model: 'dummy', input: [7] }, 400],
])('%s with %j is refused with %i', async (path, body, status) => {
  const refusal = await openai.post(path, { body }).catch((error) => error);
  expect(refusal).toBeInstanceOf(APIError);
  expect(refusal).toMatchObject({ status, type: 'invalid_request_error' });
});

test('a body that is not JSON is refused', async () => {
  const response = await fetch(`${echo.url}/chat/completions`, { method: 'POST', body: '{' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
});

test('the client of Lumen reads it', async () => {
  const client = undiciModelClient();
  const endpoint = endpointAt(echo.url);
  const body = JSON.stringify({
    model: 'dummy',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  const path = '/chat/completions';
  const deltas = await deltasOf(await client.stream(endpoint, path, body, NEVER));
  expect(textOf(deltas)).toContain('> Good morning');
  expect(deltas.at(-1)?.usage?.inputTokens).toBe(7);
  expect(await client.listModels(endpoint, 5000)).toEqual(['dummy']);
  await client.close();
});

test('a client that leaves stops its words', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const slow = await startEchoServer({ wordDelayMs: 60_000 });
  const leaving = new AbortController();
  const client = undiciModelClient();
  const endpoint = endpointAt(slow.url);
  const body = JSON.stringify({ model: 'dummy', messages, stream: true });
  await client.stream(endpoint, '/chat/completions', body, leaving.signal);
  expect(vi.getTimerCount()).toBe(1);
  leaving.abort();
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0), { interval: 1, timeout: 10_000 });
  await client.close();
  await slow.close();
});

test('the dummy script prints one line of configuration, serves it, and ends on SIGTERM', async () => {
  const dummy = spawn('tsx', ['scripts/dummy.ts'], {
    env: { ...process.env, DUMMY_PORT: '0', PATH: `node_modules/.bin:${process.env.PATH}` },
  });
  const exited = once(dummy, 'exit');
  const [line] = await once(dummy.stdout, 'data');
  const { models } = parse(String(line));
  expect(models).toMatchObject([{ name: 'dummy', endpoints: [{ api_key: 'dummy' }] }]);
  const list = await fetch(`${models[0].endpoints[0].url}/models`);
  expect(await list.json()).toMatchObject({ data: [{ id: 'dummy' }] });
  dummy.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
