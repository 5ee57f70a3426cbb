import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { answers, type Behaviour, type FakeModel } from '../../support/fake-model.ts';
import { HELLO, keyOf, post } from './client.ts';

let app: TestApp;
let key: string;
beforeAll(async () => {
  app = await startApp();
  key = await keyOf(app);
});
afterAll(() => app.close());

const MEGABYTE = 1024 * 1024;
const RSS_MAX = 100 * MEGABYTE;
const BOMB = gzipSync(Buffer.alloc(64 * MEGABYTE));

/** As much as the reader takes, up to so many megabytes; the model server never has more than two in hand. */
function pours(megabytes: number, head = '', type = 'text/event-stream'): Behaviour {
  const piece = Buffer.alloc(MEGABYTE, 'x');
  return async ({ response }) => {
    const closed = once(response, 'close');
    response.writeHead(200, { 'content-type': type });
    response.write(head);
    for (let sent = 0; sent < megabytes && !response.destroyed; sent += 1)
      if (!response.write(piece)) await Promise.race([once(response, 'drain'), closed]);
    response.end();
  };
}

/** An answer that says it is packed so often, and is packed once. */
const packed =
  (encodings: string): Behaviour =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encodings });
    response.end(BOMB);
  };

const EVENT_HEAD = 'data: {"choices":[{"index":0,"delta":{"content":"';

test.each<[string, Behaviour]>([
  ['a line of 256 MB', pours(256, EVENT_HEAD)],
  ['256 MB without a line end', pours(256)],
  ['a whole answer of 256 MB', pours(256, '{"choices":[', 'application/json')],
  ['a bomb of gzip', packed('gzip')],
  ['a thousand encodings, one on the other', packed(Array(1_000).fill('gzip').join(', '))],
])(
  'R19 %s ends in an error, in little time and memory, and costs nothing',
  async (_what, behaviour) => {
    await calm(app.model);
    const before = process.memoryUsage().rss;
    for (const stream of [false, true]) {
      await calm(app.model);
      app.model.answer(behaviour);
      const asked = app.model.requests.length;
      const signal = AbortSignal.timeout(10_000);
      const text = await (await post(app, { ...HELLO, stream }, { key, signal })).text();
      expect(app.model.requests.length).toBeGreaterThan(asked);
      expect(text).toContain('"error"');
      expect(text).not.toContain('[DONE]');
      expect(text.length).toBeLessThan(10_000);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(RSS_MAX);
    expect(await app.rows('select from request_log where cost > 0')).toEqual([]);
  },
);

/** After faults the model server leaves rotation, and comes back by itself. */
async function calm(model: FakeModel): Promise<void> {
  model.answer(answers({ texts: ['Hi'], usage: { prompt_tokens: 0, completion_tokens: 0 } }));
  await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status).toBe(200);
}
