import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { answers, responds, streamsText } from '../../support/fake-model.ts';
import { HELLO, keyOf, post, sdkOf } from './client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const lastBody = () => app.model.requests.at(-1)?.body;
const chunk = (fields: object) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'fake-1', ...fields })}\n\n`;
const DONE = 'data: [DONE]\n\n';

test('fields that Lumen does not know reach the model server as they are', async () => {
  app.model.answer(answers({ texts: ['Hi'] }));
  const key = await keyOf(app);
  const vendor = {
    top_k: 20,
    temperature: 0.10000000000000001,
    chat_template_kwargs: { enable_thinking: false, deep: [{ a: null }] },
    guided_json: { type: 'object' },
    seed: 12345678901,
    'x-odd name': '\u0000\ud83d\ude00',
  };
  await post(app, { ...HELLO, max_tokens: 5, ...vendor }, { key });
  expect(lastBody()).toEqual({
    model: 'fake-1',
    messages: HELLO.messages,
    max_tokens: 5,
    ...vendor,
  });
});

test('names by which SDKs steer themselves never reach the model server', async () => {
  app.model.answer(answers({ texts: ['Hi'] }));
  const key = await keyOf(app);
  const steering = {
    extra_body: { model: 'dear' },
    extra_headers: { authorization: 'Bearer mine' },
    extra_query: { a: 1 },
    timeout: 1,
    stream_options: { include_usage: true },
  };
  await post(app, { ...HELLO, max_tokens: 5, ...steering }, { key });
  expect(lastBody()).toEqual({ model: 'fake-1', messages: HELLO.messages, max_tokens: 5 });
});

test('leading system messages become one; a later one stays where it is', async () => {
  app.model.answer(answers({ texts: ['Hi'] }));
  const openai = await sdkOf(app);
  await openai.chat.completions.create({
    model: 'fake',
    max_tokens: 5,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', content: 'Hello' },
      { role: 'system', content: 'Late.' },
    ],
  });
  expect(lastBody()?.messages).toEqual([
    { role: 'system', content: 'Be brief.\n\nBe kind.' },
    { role: 'user', content: 'Hello' },
    { role: 'system', content: 'Late.' },
  ]);
});

const TOOL_CALL = {
  id: 'call_1',
  type: 'function',
  function: { name: 'search', arguments: '{"query":"a \\"b\\""}' },
} as const;
const TOOLS = [
  {
    type: 'function' as const,
    function: { name: 'search', parameters: { type: 'object', properties: {} } },
  },
];

test('a tool call passes unharmed, whole', async () => {
  const message = { role: 'assistant', content: null, tool_calls: [TOOL_CALL] };
  const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
  app.model.answer(responds(200, { object: 'chat.completion', model: 'fake-1', choices }));
  const openai = await sdkOf(app);
  const messages = [
    { role: 'user' as const, content: 'Find it' },
    { role: 'assistant' as const, tool_calls: [TOOL_CALL] },
    { role: 'tool' as const, tool_call_id: 'call_1', content: 'found' },
  ];
  const answer = await openai.chat.completions.create({ model: 'fake', messages, tools: TOOLS });
  expect(answer.choices[0]).toEqual(choices[0]);
  expect(lastBody()).toMatchObject({ messages, tools: TOOLS });
});

test('a tool call passes unharmed, streamed', async () => {
  const { arguments: text } = TOOL_CALL.function;
  const calls = [
    { ...TOOL_CALL, function: { name: 'search', arguments: '' } },
    { function: { arguments: text.slice(0, 9) } },
    { function: { arguments: text.slice(9) } },
  ];
  const events = calls.map((call) =>
    chunk({
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...call }] }, finish_reason: null }],
    }),
  );
  const end = chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] });
  app.model.answer(streamsText(...events, end, DONE));
  const openai = await sdkOf(app);
  const stream = openai.chat.completions.stream({ ...HELLO, tools: TOOLS });
  const { choices } = await stream.finalChatCompletion();
  expect(choices[0]?.message.tool_calls).toMatchObject([TOOL_CALL]);
});

test('a response format and logprobs pass, there and back', async () => {
  const logprobs = {
    content: [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }],
  };
  const message = { role: 'assistant', content: '{"a":1}' };
  const choices = [{ index: 0, message, finish_reason: 'stop', logprobs }];
  app.model.answer(responds(200, { object: 'chat.completion', model: 'fake-1', choices }));
  const openai = await sdkOf(app);
  const asked = {
    logprobs: true,
    top_logprobs: 3,
    response_format: {
      type: 'json_schema' as const,
      json_schema: { name: 'a', schema: { type: 'object' }, strict: true },
    },
  };
  const answer = await openai.chat.completions.create({ ...HELLO, ...asked });
  expect(answer.choices[0]).toEqual(choices[0]);
  expect(lastBody()).toMatchObject(asked);
});

test('an image goes to the model server as it came', async () => {
  app.model.answer(answers({ texts: ['A cat.'] }));
  const openai = await sdkOf(app);
  const content = [
    { type: 'text' as const, text: 'What is this?' },
    { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
  ];
  await openai.chat.completions.create({ model: 'fake', messages: [{ role: 'user', content }] });
  expect(lastBody()?.messages).toEqual([{ role: 'user', content }]);
});

test('R49 an image at an address inside is refused, and the model server hears nothing of it', async () => {
  const key = await keyOf(app);
  const before = app.model.requests.length;
  const content = [{ type: 'image_url', image_url: { url: 'http://169.254.169.254/latest' } }];
  const asked = { model: 'fake', messages: [{ role: 'user', content }] };
  const response = await post(app, asked, { key });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 'media_address', param: 'image_url' } },
  ]);
  expect(app.model.requests).toHaveLength(before);
});

test("neither the caller's headers reach the model server nor the model server's the caller", async () => {
  const key = await keyOf(app);
  const headers = {
    cookie: 'lumen=mine',
    'x-api-key': 'mine',
    'x-forwarded-for': '10.1.2.3',
    'openai-organization': 'mine',
    'user-agent': 'mine',
  };
  for (const stream of [false, true]) {
    app.model.answer((request) => {
      request.response.setHeader('set-cookie', 'upstream=1');
      request.response.setHeader('x-upstream', 'secret');
      request.response.setHeader('server', 'vllm');
      return answers({ texts: ['Hi'] })(request);
    });
    const response = await post(app, { ...HELLO, stream }, { key, headers });
    await response.text();
    for (const name of ['set-cookie', 'x-upstream', 'server'])
      expect(response.headers.get(name)).toBeNull();
    const sent = app.model.requests.at(-1)?.headers ?? {};
    expect(sent.authorization).toBe('Bearer upstream-secret');
    expect(JSON.stringify(sent)).not.toContain('mine');
    expect(JSON.stringify(sent)).not.toContain('10.1.2.3');
  }
});
