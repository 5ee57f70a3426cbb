import { APIError } from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { type Behaviour, responds, streamsText } from '../../support/fake-model.ts';
import { expectCleanBooks } from '../money/audit.ts';
import { billOf } from './audio.ts';
import { errorOf, keyOf, post, sdkOf } from './client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 30 },
  output_tokens: 50,
  output_tokens_details: { reasoning_tokens: 20 },
  total_tokens: 150,
};
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'Hello', annotations: [] }],
};
const response = (fields: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 0,
  status: 'completed',
  error: null,
  model: 'fake-1',
  output: [message],
  usage: USAGE,
  ...fields,
});
const HELLO = { model: 'fake', input: 'Hello' };

const events = (...all: readonly { type: string }[]): Behaviour =>
  streamsText(
    ...all.map((event, at) => {
      const data = JSON.stringify({ ...event, sequence_number: at });
      return `event: ${event.type}\ndata: ${data}\n\n`;
    }),
  );
const created = {
  type: 'response.created',
  response: response({ status: 'in_progress', output: [], usage: null }),
};
const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
const begun = [
  { type: 'response.output_item.added', output_index: 0, item: { ...message, content: [] } },
  {
    type: 'response.content_part.added',
    ...place,
    part: { type: 'output_text', text: '', annotations: [] },
  },
];
const delta = (text: string) => ({
  type: 'response.output_text.delta',
  ...place,
  delta: text,
});
const completed = { type: 'response.completed', response: response() };

test('a whole response, under the name that was asked for, paid by what the model server counted', async () => {
  app.model.answer(responds(200, response()));
  const openai = await sdkOf(app);
  const tools = [{ type: 'function' as const, name: 'f', parameters: {}, strict: true }];
  const answer = await openai.responses.create({ ...HELLO, instructions: 'Be brief.', tools });
  expect(answer).toMatchObject({ model: 'fake', output_text: 'Hello', output: [message] });
  expect(app.model.requests.at(-1)?.place).toBe('POST /v1/responses');
  expect(app.model.requests.at(-1)?.body).toEqual({
    model: 'fake-1',
    input: 'Hello',
    instructions: 'Be brief.',
    tools,
    max_output_tokens: 1000,
  });
  expect(await billOf(app, answer._request_id)).toMatchObject({
    outcome: 'finished',
    input_tokens: 100,
    output_tokens: 50,
    is_estimated: false,
    cost: 200_000n,
  });
  await expectCleanBooks(app);
});

test('a streamed response, event by event, each with its name', async () => {
  app.model.answer(events(created, ...begun, delta('Hel'), delta('lo'), completed));
  const openai = await sdkOf(app);
  const stream = openai.responses.stream({ ...HELLO, max_output_tokens: 200 });
  const texts: string[] = [];
  stream.on('response.output_text.delta', (event) => texts.push(event.delta));
  const answer = await stream.finalResponse();
  expect(texts).toEqual(['Hel', 'lo']);
  expect(answer).toMatchObject({ model: 'fake', status: 'completed' });
  expect(app.model.requests.at(-1)?.body).toEqual({
    model: 'fake-1',
    input: 'Hello',
    stream: true,
    max_output_tokens: 200,
  });
  expect(await billOf(app)).toMatchObject({ cost: 200_000n, is_estimated: false });
});

test('bytes of a streamed response in which nothing is to be changed stay as they are', async () => {
  const text = [
    'event: response.output_text.delta\ndata: {"type" : "response.output_text.delta","delta":"\\u00fc"}\n\n',
    'event: response.completed\ndata: {"type":"response.completed","response":{"usage":null, "x":1.0}}\n\n',
  ].join('');
  app.model.answer(streamsText(text));
  const key = await keyOf(app);
  const answer = await post(app, { ...HELLO, stream: true }, { key, path: '/responses' });
  expect(await answer.text()).toBe(text);
  expect(await billOf(app)).toMatchObject({ output_tokens: 1, is_estimated: true });
});

test('the event that completes a response is sent when it is paid', async () => {
  app.model.answer(events(created, delta('Hello'), completed));
  const openai = await sdkOf(app);
  const stream = await openai.responses.create({ ...HELLO, stream: true });
  for await (const { type } of stream)
    if (type === 'response.completed')
      expect(await app.rows('select * from reservation')).toEqual([]);
  await expectCleanBooks(app);
});

test.each([
  ['says that it failed', [created, delta('Hel'), { type: 'response.failed', response: {} }]],
  ['tells of an error', [created, delta('Hel'), { type: 'error', message: 'secret' }]],
  ['breaks off', [created, delta('Hel')]],
])('a stream that %s ends with an error event, and its part is paid', async (_what, sent) => {
  app.model.answer(events(...sent));
  const openai = await sdkOf(app);
  const read = async () => {
    const types: string[] = [];
    try {
      const stream = await openai.responses.create({ ...HELLO, stream: true });
      for await (const { type } of stream) types.push(type);
    } catch (error) {
      expect(error).toBeInstanceOf(APIError);
      expect(String(error)).not.toContain('secret');
      return [...types, (error as APIError).code];
    }
    return types;
  };
  const code = _what === 'breaks off' ? 'upstream_broke_off' : 'upstream_failed';
  expect(await read()).toEqual(['response.created', 'response.output_text.delta', code]);
  expect(await billOf(app)).toMatchObject({ outcome: 'failed', output_tokens: 1 });
  await expectCleanBooks(app);
});

test.each([
  ['previous_response_id', { previous_response_id: 'resp_1' }],
  ['conversation', { conversation: { id: 'conv_1' } }],
  ['background', { background: true }],
  ['input', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
])('R36 what a model server kept for somebody can not be gone on with: %s', async (param, more) => {
  const key = await keyOf(app);
  const sent = app.model.requests.length;
  const refused = await post(app, { ...HELLO, ...more }, { key, path: '/responses' });
  expect(refused.status).toBe(400);
  expect(await errorOf(refused)).toMatchObject({ code: 'not_kept', param });
  expect(app.model.requests).toHaveLength(sent);
});
