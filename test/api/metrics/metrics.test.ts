import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import { answers, endsAfter, resetsAfter, responds, says } from '../../support/fake-model.ts';
import { freshDatabase } from '../../support/services.ts';
import { HELLO, keyOf, post } from '../v1/client.ts';
import { getMetrics, PATIENCE, SCRAPED, scrape, TOKEN } from './scrape.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ config: SCRAPED });
});
afterAll(() => app.close());

const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const api = 'model="fake",source="api"';

/** How much each series grew while something was done; those that did not are left out. */
async function growth(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await scrape(app);
  await work();
  const after = await scrape(app);
  return Object.fromEntries(
    [...after]
      .map(([series, value]) => [series, value - (before.get(series) ?? 0)] as const)
      .filter(([series, value]) => value !== 0 && series.startsWith('lumen_')),
  );
}

const asked = async (key: string, more: object = {}) =>
  (await post(app, { ...HELLO, ...more }, { key })).text();

test('whoever has the token reads the metrics, in the text format of Prometheus', async () => {
  const response = await getMetrics(app);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('without the token, or with another one, nothing is told', async () => {
  for (const token of [null, '', 'wrong', `${TOKEN}x`, TOKEN.slice(1)]) {
    const response = await getMetrics(app, token);
    expect(response.status, `${token}`).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="metrics"');
    expect(await response.text()).not.toContain('lumen_');
  }
  const debug = await fetch(`${app.url}/metrics/debug`);
  expect(debug.status).toBe(401);
});

test('a Lumen without metrics has no such page', async () => {
  const silent = await testApp({ config: { api: { prometheus: { enabled: true } } } });
  expect((await getMetrics(silent)).status).toBe(404);
  expect((await getMetrics(silent, null)).status).toBe(404);
  const off = { api: { prometheus: { enabled: false, token: TOKEN } } };
  await silent.saves(off);
  await silent.saves({ api: { prometheus: { enabled: true, token: 'another' } } });
  await expect.poll(async () => (await getMetrics(silent, 'another')).status, PATIENCE).toBe(200);
  expect((await getMetrics(silent)).status).toBe(401);
  await silent.saves(off);
  await expect.poll(async () => (await getMetrics(silent)).status, PATIENCE).toBe(404);
});

test('the older place of the settings opens the metrics as well', async () => {
  const older = await testApp({ config: { prometheus: { enabled: true, token: TOKEN } } });
  expect((await getMetrics(older)).status).toBe(200);
});

test('every series of the older Lumen is there under its name', async () => {
  const key = await keyOf(app);
  await asked(key);
  const series = [...(await scrape(app)).keys()];
  const address = `endpoint_url="${app.model.url}"`;
  expect(series).toEqual(
    expect.arrayContaining([
      `lumen_model_requests_total{${api}}`,
      `lumen_model_input_tokens_total{${api}}`,
      `lumen_model_output_tokens_total{${api}}`,
      `lumen_model_cost_coins_total{${api}}`,
      `lumen_model_endpoint_healthy{model="fake",${address}}`,
      ...['active', 'total'].map((status) => `lumen_users{status="${status}"}`),
      ...['size', 'checked_in', 'checked_out', 'overflow', 'stranded', 'limit'].map(
        (state) => `lumen_db_pool_connections{state="${state}"}`,
      ),
      'lumen_http_requests_total{method="POST",path_template="/v1/chat/completions",status="200"}',
      'lumen_http_request_duration_seconds_bucket{le="0.005",method="POST",path_template="/graphql"}',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
    ]),
  );
});

test('a request on /v1 and a turn of the chat are counted with their tokens and their cost', async () => {
  const ada = await app.person();
  const key = await keyOf(app);
  app.model.answer(answers({ texts: ['Hello'], usage: USAGE }));
  const grown = await growth(async () => {
    await asked(key);
    await asked(key, { stream: true });
    await ada.awaits((await ada.says('Hello')).assistantMessage.id);
  });
  for (const [source, count] of Object.entries({ api: 2, chat: 1 })) {
    const labels = `{model="fake",source="${source}"}`;
    expect(grown).toMatchObject({
      [`lumen_model_requests_total${labels}`]: count,
      [`lumen_model_input_tokens_total${labels}`]: 100 * count,
      [`lumen_model_output_tokens_total${labels}`]: 20 * count,
      [`lumen_model_duration_seconds_count${labels}`]: count,
      // Whole answers have no first token.
      [`lumen_model_first_token_seconds_count${labels}`]: 1,
      [`lumen_model_outcomes_total{model="fake",source="${source}",outcome="finished"}`]: count,
    });
    expect(grown[`lumen_model_cost_coins_total${labels}`]).toBeCloseTo(0.14 * count, 6);
  }
});

test('failures are counted by model and code, and each attempt by endpoint and cause', async () => {
  const key = await keyOf(app);
  const stream = { stream: true };
  const counted = async (work: () => Promise<unknown>) => {
    await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status, PATIENCE).toBe(200);
    return growth(work);
  };
  const failed = `lumen_model_errors_total{${api},code="UPSTREAM_FAILED"}`;
  const attempt = (error: string) =>
    `lumen_endpoint_errors_total{endpoint_url="${app.model.url}",error="${error}"}`;
  app.model.answerNext(responds(500, 'no'));
  expect(await counted(() => asked(key))).toMatchObject({
    [failed]: 1,
    [attempt('upstream_failed')]: 1,
  });
  app.model.answerNext(resetsAfter('a'));
  expect(await counted(() => asked(key, stream))).toMatchObject({
    [failed]: 1,
    [attempt('upstream_broke_off')]: 1,
  });
  app.model.answerNext(endsAfter('a'));
  expect(await counted(() => asked(key, stream))).toMatchObject({
    [attempt('upstream_broke_off')]: 1,
  });
  app.model.answerNext(responds(422, { error: { message: 'no' } }));
  expect(await counted(() => asked(key))).toMatchObject({
    [`lumen_model_errors_total{${api},code="UPSTREAM_REFUSED"}`]: 1,
    [attempt('upstream_refused_422')]: 1,
  });
});

test('an answer is open until it is stopped, and then an abort', async () => {
  await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status, PATIENCE).toBe(200);
  const ada = await app.person();
  const turn = await app.turn(ada);
  const during = await scrape(app);
  expect(during.get('lumen_open_streams')).toBe(1);
  expect(during.get('lumen_open_reservations')).toBe(1);
  const grown = await growth(async () => {
    await ada.asks('mutation ($id: ID!) { stopMessage(id: $id) { id } }', { id: turn.id });
    await ada.awaits(turn.id);
  });
  expect(grown).toMatchObject({
    'lumen_model_outcomes_total{model="fake",source="chat",outcome="stopped"}': 1,
    lumen_open_streams: -1,
    lumen_open_reservations: -1,
  });
});

test('whatever addresses, methods and models are made up, no series is added for them', async () => {
  const key = await keyOf(app);
  const knock = async (name: string) => {
    await (await fetch(`${app.url}/${name}`)).text();
    await (await fetch(`${app.url}/v1/${name}?q=${name}`)).text();
    await (await fetch(`${app.url}/v1/models/${name}`)).text();
    await (await fetch(`${app.url}/graphql?${name}`, { method: 'PUT' })).text();
    await asked(key, { model: name });
  };
  await knock('first');
  const before = [...(await scrape(app)).keys()];
  for (let at = 0; at < 100; at++) await knock(`made-up-${at}`);
  const after = [...(await scrape(app)).keys()].filter((series) => series.startsWith('lumen_'));
  expect(after.filter((series) => !before.includes(series))).toEqual([]);
});

test('no address, key, name or word of anybody is among the metrics', async () => {
  const ada = await app.person('canary@example.org');
  const { key } = await ada.withKey('canary-key-name');
  app.model.answer(says('canary-answer'));
  await asked(key, { messages: [{ role: 'user', content: 'canary-question' }] });
  const debug = await fetch(`${app.url}/metrics/debug`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  expect(debug.status).toBe(200);
  const texts = [await (await getMetrics(app)).text(), await debug.text()];
  expect(texts[1]).toMatch(/^lumen \d.*\ndatabase sessions: \d+ · .*/ms);
  const { password } = new URL(app.databaseUrl);
  const secrets = ['canary', key, key.slice(3, 20), TOKEN, 'upstream-secret', password];
  for (const secret of secrets.filter((word) => word !== ''))
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
});

test('a pool that its ledger does not explain is measured and logged', async () => {
  const databaseUrl = await freshDatabase();
  const first = await testApp({ config: SCRAPED, databaseUrl });
  await expect
    .poll(async () => (await scrape(first)).get('lumen_ledger_mismatches'), PATIENCE)
    .toBe(0);
  const ada = await first.person();
  await ada.awaits((await ada.says('Hello')).assistantMessage.id);
  await first.rows('update pool set balance = balance + 1');
  const second = await testApp({ config: SCRAPED, databaseUrl });
  await expect
    .poll(async () => (await scrape(second)).get('lumen_ledger_mismatches'), PATIENCE)
    .toBe(1);
  const [{ account_id }] = (await second.rows('select account_id from pool')) as [
    { account_id: string },
  ];
  expect(second.log).toContainEqual(expect.objectContaining({ level: 50, accounts: [account_id] }));
});

test('a database that does not answer is measured as such, and hides nothing else', async () => {
  const broken = await testApp({ config: SCRAPED });
  expect((await scrape(broken)).get('lumen_database_up')).toBe(1);
  await broken.rows('alter table account rename to account_elsewhere');
  const series = await scrape(broken);
  expect(series.get('lumen_database_up')).toBe(0);
  expect(series.get('lumen_db_pool_connections{state="limit"}')).toBe(15);
  expect(
    [...series.keys()].filter((name) => /^lumen_(users|open_reservations)/.test(name)),
  ).toEqual([]);
});
