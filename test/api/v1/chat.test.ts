import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { answers, responds, streamsText } from '../../support/fake-model.ts';
import { errorOf, eventsOf, HELLO, keyOf, post, sdkOf } from './client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const lastBody = () => app.model.requests.at(-1)?.body;
const chunk = (fields: object) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'fake-1', ...fields })}\n\n`;
const DONE = 'data: [DONE]\n\n';

test('a whole answer', async () => {
  app.model.answer(answers({ texts: ['Hello ', 'Ada'] }));
  const openai = await sdkOf(app);
  const answer = await openai.chat.completions.create(HELLO);
  expect(answer).toMatchObject({
    model: 'fake',
    object: 'chat.completion',
    choices: [
      { message: { role: 'assistant', content: 'Hello Ada' }, finish_reason: 'stop', index: 0 },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 5 },
  });
  expect(answer._request_id).toMatch(/^[0-9a-f-]{36}$/);
});

test('a streamed answer, event by event, under the name that was asked for', async () => {
  app.model.answer(answers({ texts: ['Hel', 'lo ', 'Ada'], reasoning: ['Hm.'] }));
  const openai = await sdkOf(app);
  const texts: string[] = [];
  for await (const event of await openai.chat.completions.create({ ...HELLO, stream: true })) {
    expect(event.model).toBe('fake');
    expect(event.usage).toBeUndefined();
    texts.push(event.choices[0]?.delta.content ?? '');
  }
  expect(texts.filter(Boolean)).toEqual(['Hel', 'lo ', 'Ada']);
});

test("the SDK's stream helper reads it to the end", async () => {
  app.model.answer(answers({ texts: ['Hel', 'lo'] }));
  const openai = await sdkOf(app);
  const stream = openai.chat.completions.stream(HELLO);
  const deltas: string[] = [];
  stream.on('content', (delta) => deltas.push(delta));
  expect((await stream.finalChatCompletion()).choices[0]?.message).toMatchObject({
    role: 'assistant',
    content: 'Hello',
  });
  expect(deltas).toEqual(['Hel', 'lo']);
});

test.each([
  ['in the first event', ''],
  ['after an event without choices', chunk({ choices: [] })],
])('the role is added where the model server leaves it out %s', async (_where, before) => {
  const first = chunk({ choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: null }] });
  const last = chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  app.model.answer(streamsText(before + first + last + DONE));
  const openai = await sdkOf(app);
  const { choices } = await openai.chat.completions.stream(HELLO).finalChatCompletion();
  expect(choices[0]?.message).toMatchObject({ role: 'assistant', content: 'Hi' });
});

test('the role is added to the first event of each of several choices, and only there', async () => {
  const says = (index: number, content: string) =>
    chunk({ choices: [{ index, delta: { content }, finish_reason: null }] });
  const ends = (index: number) => chunk({ choices: [{ index, delta: {}, finish_reason: 'stop' }] });
  const events = [says(1, 'B'), says(0, 'A'), says(0, 'a'), says(1, 'b'), ends(0), ends(1)];
  app.model.answer(streamsText(...events, DONE));
  const openai = await sdkOf(app);
  const stream = openai.chat.completions.stream({ ...HELLO, n: 2 });
  const roles: unknown[] = [];
  stream.on('chunk', ({ choices }) => roles.push(choices[0]?.delta.role));
  const { choices } = await stream.finalChatCompletion();
  expect(choices.map(({ message }) => [message.role, message.content])).toEqual([
    ['assistant', 'Aa'],
    ['assistant', 'Bb'],
  ]);
  expect(roles.slice(0, 4)).toEqual(['assistant', 'assistant', undefined, undefined]);
});

test('usage comes at the end of a stream only when it was asked for', async () => {
  app.model.answer(answers({ texts: ['Hi'] }));
  const openai = await sdkOf(app);
  const usages = async (wanted?: boolean) => {
    const options = wanted === undefined ? {} : { stream_options: { include_usage: wanted } };
    const stream = await openai.chat.completions.create({ ...HELLO, stream: true, ...options });
    const found: unknown[] = [];
    for await (const { usage } of stream) if (usage) found.push(usage);
    expect(lastBody()?.stream_options).toEqual({ include_usage: true });
    return found;
  };
  expect(await usages()).toEqual([]);
  expect(await usages(false)).toEqual([]);
  expect(await usages(true)).toEqual([
    { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  ]);
});

test('bytes of a stream in which nothing is to be changed stay as they are', async () => {
  const odd = `{"model" : "fake","choices":[{"delta":{"role":"assistant","content":"\\u00fc\\/"},"index":0}], "x":1.0}`;
  const end = `{"model":"fake","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}`;
  app.model.answer(streamsText(`data: ${odd}\n\ndata: ${end}\n\n${DONE}`));
  const key = await keyOf(app);
  const response = await post(app, { ...HELLO, stream: true }, { key });
  expect(await eventsOf(response)).toEqual([odd, end, '[DONE]']);
});

test('the model name inside a text of the answer is not touched', async () => {
  app.model.answer(answers({ texts: ['I am "model":"fake-1", or "fake-1".'] }));
  const openai = await sdkOf(app);
  const text = 'I am "model":"fake-1", or "fake-1".';
  const whole = await openai.chat.completions.create(HELLO);
  expect(whole.choices[0]?.message.content).toBe(text);
  const streamed = await openai.chat.completions.stream(HELLO).finalContent();
  expect(streamed).toBe(text);
});

test('/v1/completions, whole and streamed', async () => {
  const choice = { index: 0, text: 'upon a time', finish_reason: 'stop' };
  const usage = { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 };
  const answer = { id: 'c', object: 'text_completion', model: 'fake-1', choices: [choice] };
  app.model.answerNext(
    responds(200, { ...answer, usage }),
    streamsText(`data: ${JSON.stringify(answer)}\n\n${DONE}`),
  );
  const openai = await sdkOf(app);
  const asked = { model: 'fake', prompt: 'Once', suffix: 'end', echo: true };
  expect(await openai.completions.create(asked)).toMatchObject({
    model: 'fake',
    choices: [choice],
  });
  expect(app.model.requests.at(-1)?.place).toBe('POST /v1/completions');
  expect(lastBody()).toMatchObject({ prompt: 'Once', suffix: 'end', echo: true });
  const texts: unknown[] = [];
  for await (const event of await openai.completions.create({ ...asked, stream: true }))
    texts.push([event.model, event.choices[0]?.text]);
  expect(texts).toEqual([['fake', 'upon a time']]);
});

test('/v1/embeddings', async () => {
  const data = [{ object: 'embedding', index: 0, embedding: [0.25, -1] }];
  const usage = { prompt_tokens: 2, total_tokens: 2 };
  app.model.answerNext(responds(200, { object: 'list', model: 'fake-1', data, usage }));
  const openai = await sdkOf(app);
  const asked = { model: 'fake', input: ['Hi'], encoding_format: 'float' as const, dimensions: 2 };
  expect(await openai.embeddings.create(asked)).toMatchObject({ model: 'fake', data, usage });
  expect(lastBody()).toEqual({ ...asked, model: 'fake-1' });
});

test('HEAD answers like GET without a body; OPTIONS, like any other method, says what is allowed', async () => {
  const key = await keyOf(app);
  const headers = { authorization: `Bearer ${key}` };
  const head = await fetch(`${app.url}/v1/models`, { method: 'HEAD', headers });
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10);
  for (const [method, path, allow] of [
    ['OPTIONS', '/models', 'GET'],
    ['POST', '/models/fake', 'GET'],
    ['GET', '/chat/completions', 'POST'],
    ['PUT', '/embeddings', 'POST'],
  ] as const) {
    const response = await fetch(`${app.url}/v1${path}`, { method, headers });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(await errorOf(response)).toMatchObject({ code: 'method_not_allowed', param: null });
  }
});
