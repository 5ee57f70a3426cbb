import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { PATIENCE } from './scrape.ts';

const logs = (more: object) => ({
  app: { debug: true, dev_user: 'dev@example.com', logs: more },
});
const JSON_TYPE = { 'content-type': 'application/json' };
const linesOf = ({ log }: TestApp, message: string) => log.filter(({ msg }) => msg === message);

test('every other request is a line with the template of its address, under the id that its answer carries', async () => {
  const app = await testApp();
  const secret = 'code=what-the-provider-gave';
  for (const [path, route, status] of [
    [`/callback?${secret}`, '/callback', 302],
    ['/v1/models/made-up', '/v1/models/{model}', 401],
    ['/made-up', '/{page}', expect.any(Number)],
  ] as const) {
    const response = await fetch(app.url + path, { redirect: 'manual' });
    await response.text();
    const request = response.headers.get('x-request-id');
    await expect
      .poll(() => linesOf(app, 'request'), PATIENCE)
      .toContainEqual(expect.objectContaining({ request, method: 'GET', route, status }));
  }
  expect(JSON.stringify(linesOf(app, 'request'))).not.toMatch(/what-the-provider-gave|made-up/);
});

test('a refused request is one line, which says why', async () => {
  const app = await testApp();
  const answers = [
    await fetch(`${app.url}/account/export`),
    await fetch(`${app.url}/uploads?name=a.txt`, { method: 'POST', body: 'x' }),
    await fetch(`${app.url}/graphql`),
    await fetch(`${app.url}/graphql`, { method: 'POST', body: '{', headers: JSON_TYPE }),
  ];
  for (const answer of answers) {
    const request = answer.headers.get('x-request-id');
    const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
    const linesOfIt = () => app.log.filter((line) => line.request === request);
    await expect.poll(linesOfIt, PATIENCE).toEqual([
      expect.objectContaining({
        msg: 'request',
        status: answer.status,
        code: errors[0]?.extensions.code,
      }),
    ]);
  }
});

test('app.logs follows the configuration, unless LOG_LEVEL says otherwise', async () => {
  const app = await testApp({ env: { LOG_LEVEL: '' }, config: logs({ level: 'warn' }) });
  const visit = async () => (await fetch(`${app.url}/made-up`)).text();
  await visit();
  expect(app.log.filter(({ level }) => Number(level) < 40)).toEqual([]);
  await app.saves(logs({ level: 'info', model: true }));
  await expect
    .poll(() => visit().then(() => linesOf(app, 'request').length), PATIENCE)
    .toBeGreaterThan(0);
  await app.saves(logs({ level: 'info', access: false }));
  await expect.poll(() => linesOf(app, 'config.yaml reloaded').length, PATIENCE).toBeGreaterThan(0);
  await visit();
  const known = linesOf(app, 'request').length;
  for (let at = 0; at < 5; at++) await visit();
  expect(linesOf(app, 'request').length).toBe(known);
});

test('app.logs.model tells of each look at a model server', async () => {
  const app = await testApp({ config: logs({ model: true }) });
  expect(linesOf(app, 'probed an endpoint')).toEqual([
    expect.objectContaining({ level: 30, model: 'fake-1', error: null }),
  ]);
});
