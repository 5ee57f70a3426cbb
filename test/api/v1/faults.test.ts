import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import {
  answers,
  endsAfter,
  errorAfter,
  hangsAfter,
  resetsAfter,
  responds,
  respondsHtml,
  streamsText,
  waits,
} from '../../support/fake-model.ts';
import { errorOf, eventsOf, HELLO, keyOf, post, sdkOf } from './client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    config: { upstream: { first_byte_timeout: 0.3, idle_timeout: 0.3 } },
  });
});
afterAll(() => app.close());

/** What failed is out of rotation until its probe has passed. */
beforeEach(() => expect.poll(async () => (await fetch(`${app.url}/readyz`)).status).toBe(200));

const HUGE = 'x'.repeat(5 * 1024 * 1024);

test.each([
  ['hangs', waits(), 'upstream_too_slow'],
  ['resets the connection', resetsAfter(), 'upstream_broke_off'],
  ['gives a page', respondsHtml(), 'upstream_not_an_answer'],
  ['gives no choices', responds(200, { choices: [] }), 'upstream_not_an_answer'],
])(
  'R16 before the first byte: a model server that %s is a 502 in OpenAI’s shape',
  async (_what, behaviour, code) => {
    const key = await keyOf(app);
    app.model.answer(behaviour);
    for (const stream of [false, true]) {
      await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status).toBe(200);
      const response = await post(app, { ...HELLO, stream }, { key });
      expect(response.status).toBe(502);
      expect(await errorOf(response)).toMatchObject({ type: 'api_error', code, param: null });
    }
  },
);

test.each(['/chat/completions', '/completions'])(
  'an answer of %s without choices is a failure, and costs nothing',
  async (path) => {
    const ada = await app.person();
    const { key } = await ada.withKey();
    app.model.answer(responds(200, { choices: [], usage: { prompt_tokens: 9 } }));
    const response = await post(app, { ...HELLO, prompt: 'Hi' }, { key, path });
    expect(response.status).toBe(502);
    expect(await errorOf(response)).toMatchObject({ code: 'upstream_not_an_answer' });
    expect(await ada.pool()).toMatchObject({ left: 10, held: 0 });
  },
);

test.each([
  ['hangs', hangsAfter('Hel', 'lo'), 'upstream_too_slow'],
  ['resets the connection', resetsAfter('Hel', 'lo'), 'upstream_broke_off'],
  ['ends without a finish', endsAfter('Hel', 'lo'), 'upstream_broke_off'],
  ['tells of an error', errorAfter({ error: { message: 'OOM' } }, 'Hel', 'lo'), 'upstream_failed'],
  ['sends garbage', gone('data: {"choi\n\n'), 'upstream_not_an_answer'],
  ['sends a line without end', gone(`data: ${HUGE}`), 'upstream_not_an_answer'],
])(
  'R16 in the stream: of a model server that %s comes what it said, an error, and no [DONE]',
  async (_what, behaviour, code) => {
    const key = await keyOf(app);
    app.model.answer(behaviour);
    const response = await post(app, { ...HELLO, stream: true }, { key });
    expect(response.status).toBe(200);
    const events = (await eventsOf(response)).map((event) => JSON.parse(event));
    const said = events.flatMap(({ choices = [] }) => choices.map((c: Choice) => c.delta.content));
    expect(said.join('')).toBe('Hello');
    expect(events.at(-1)).toEqual({
      error: { message: expect.any(String), type: 'api_error', param: null, code },
    });
    expect(JSON.stringify(events)).not.toMatch(/finish_reason":"|OOM|127\.0\.0\.1/);
  },
);

interface Choice {
  readonly delta: { readonly content?: string };
}

function gone(piece: string) {
  const event = (content: string) =>
    `data: ${JSON.stringify({ model: 'fake-1', choices: [{ index: 0, delta: { role: 'assistant', content } }] })}\n\n`;
  return streamsText(event('Hel'), event('lo'), piece);
}

test('a cut answer never looks complete to the SDK', async () => {
  app.model.answer(resetsAfter('Hel', 'lo'));
  const openai = await sdkOf(app);
  const texts: string[] = [];
  const reading = async () => {
    for await (const event of await openai.chat.completions.create({ ...HELLO, stream: true }))
      texts.push(event.choices[0]?.delta.content ?? '');
  };
  await expect(reading()).rejects.toBeInstanceOf(OpenAI.APIError);
  expect(texts.join('')).toBe('Hello');
});

test('what a broken stream had said is paid for', async () => {
  app.model.answer(resetsAfter('x'.repeat(40)));
  const ada = await app.person();
  const { key } = await ada.withKey();
  await (await post(app, { ...HELLO, stream: true }, { key })).text();
  const { left, held } = await ada.pool();
  expect(held).toBe(0);
  expect(left).toBeLessThan(10 - 10 * 0.002);
});

test('a chunk of 3 MB passes', async () => {
  const text = 'y'.repeat(3 * 1024 * 1024);
  app.model.answer(answers({ texts: [text] }));
  const openai = await sdkOf(app);
  const stream = openai.chat.completions.stream({ ...HELLO, max_tokens: 5 });
  expect(await stream.finalContent()).toBe(text);
});

test('the detail of a fault is in the log, with the request that met it', async () => {
  app.model.answer(respondsHtml());
  const response = await post(app, HELLO, { key: await keyOf(app) });
  const id = response.headers.get('x-request-id');
  const lines = app.log.filter(({ request }) => request === id);
  expect(JSON.stringify(lines)).toContain('content type text/html');
});
