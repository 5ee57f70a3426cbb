import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { answers, resetsAfter, responds } from '../../support/fake-model.ts';
import { HELLO, keyOf, post } from '../v1/client.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const ready = async () => {
  const response = await fetch(`${app.url}/readyz`);
  return { status: response.status, ...((await response.json()) as object) };
};

test('/healthz says that the process lives, to anybody', async () => {
  const response = await fetch(`${app.url}/healthz`);
  expect([response.status, await response.text()]).toEqual([200, 'ok']);
});

test('/readyz says in JSON what is there, and nothing that is private', async () => {
  expect(await ready()).toEqual({
    status: 200,
    ready: true,
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    database: { ok: true },
    redis: null,
    configuration: { ok: true, generation: 1 },
    models: { ok: true, healthy: 1, total: 1 },
  });
});

test('R54 what /readyz says of the file is for those who show the token: it quotes what was found', async () => {
  const token = 'the-token-of-the-metrics';
  const own = await testApp({ config: { api: { prometheus: { enabled: true, token } } } });
  const asks = async (shown: string) => {
    const headers = { authorization: `Bearer ${shown}` };
    return (await (await fetch(`${own.url}/readyz`, { headers })).json()) as object;
  };
  await own.saves({ app: { debug: 'misplaced-password' } });

  const warnings = [expect.stringContaining('misplaced-password')];
  await expect.poll(() => asks(token)).toMatchObject({ configuration: { ok: false, warnings } });
  for (const shown of ['', `${token}x`])
    expect((await asks(shown)) as object).toHaveProperty('configuration', {
      ok: false,
      generation: 1,
    });
});

test('/readyz is 503 while no model is healthy, /healthz is not, and it comes back by itself', async () => {
  const key = await keyOf(app);
  app.model.modelsBehaviour = responds(500, 'starting');
  app.model.answer(resetsAfter());
  expect((await post(app, HELLO, { key })).status).toBe(502);
  const down = { ready: false, models: { ok: false, healthy: 0, total: 1 } };
  expect(await ready()).toMatchObject({ status: 503, ...down, database: { ok: true } });
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  const refused = await post(app, HELLO, { key });
  expect(refused.status).toBe(503);
  app.model.modelsBehaviour = null;
  app.model.answer(answers({ texts: ['Hi'] }));
  await expect.poll(ready, { timeout: 10_000, interval: 200 }).toMatchObject({ status: 200 });
  expect((await post(app, HELLO, { key })).status).toBe(200);
});
