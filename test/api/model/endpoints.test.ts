import { expect, onTestFinished, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { testApp } from '../../support/app.ts';
import { type FakeModel, refuses, startFakeModel } from '../../support/fake-model.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';
import { adminOf, asks, type Fleet, fleet, modelsOf, received, seen } from './fleet.ts';

const WITHDRAW = `mutation ($id: ID!, $reason: String) {
  withdrawEndpoint(id: $id, reason: $reason) { id withdrawnAt withdrawalReason }
}`;
const RESTORE = 'mutation ($id: ID!) { restoreEndpoint(id: $id) { id withdrawnAt } }';

const idAt = async (admin: Person, at: number): Promise<string> =>
  (await seen(admin))[at]?.id ?? '';
const auditOf = ({ app }: Fleet, id: string) =>
  app.rows(
    `select action, subject_kind, reason, after from audit_entry where subject = $1 order by id`,
    id,
  );

test('administrators see each endpoint, without a word that is secret', async () => {
  const two = await fleet({ endpoints: [{ max_concurrent: 7 }, {}] });
  const [first, second] = two.models as [FakeModel, FakeModel];
  second.answer(refuses(401, `no: upstream-secret-1 at ${second.url}`));
  await asks(two);
  await asks(two);
  const admin = await adminOf(two);
  const endpoints = await seen(admin);
  expect(endpoints[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    host: new URL(first.url).host,
    upstreamModel: 'fake-1',
    models: ['fake'],
    health: 'HEALTHY',
    healthSince: expect.any(String),
    checkedAt: expect.any(String),
    latencyMs: expect.any(Number),
    lastError: null,
    lastErrorAt: null,
    inFlight: 0,
    concurrencyMax: 7,
    withdrawnAt: null,
    withdrawalReason: null,
  });
  expect(endpoints[1]).toMatchObject({
    lastError: 'It refused the api_key of the configuration.',
    lastErrorAt: expect.any(String),
  });
  expect(JSON.stringify([endpoints, two.app.log])).not.toContain('upstream-secret');
});

test('credentials in an address are neither shown nor logged', async () => {
  const model = await startFakeModel();
  await model.close();
  const url = model.url.replace('http://', 'http://somebody:canary-password@');
  const one = await fleet({ endpoints: [{ url }] });
  expect(await asks(one)).toBe(503);
  const endpoints = await seen(await adminOf(one));
  expect(endpoints).toMatchObject([{ health: 'DOWN', lastError: 'It could not be reached.' }]);
  const told = JSON.stringify([endpoints, one.app.log]);
  expect(told).toContain(new URL(model.url).host);
  expect(told).not.toContain('canary-password');
});

test('an endpoint taken out gets no requests, on any replica and after a restart, until it is put back', async () => {
  const two = await fleet({ endpoints: [{}, {}] });
  const { databaseUrl } = two.app;
  const config = modelsOf(two.models, { endpoints: [{}, {}] });
  const replica = { ...two, app: await testApp({ databaseUrl, config }) };
  const admin = await adminOf(two);
  const id = await idAt(admin, 0);
  const { withdrawEndpoint } = await admin.asks<{ withdrawEndpoint: object }>(WITHDRAW, {
    id,
    reason: 'new cooling',
  });
  expect(withdrawEndpoint).toEqual({
    id,
    withdrawnAt: expect.any(String),
    withdrawalReason: 'new cooling',
  });
  for (let at = 0; at < 4; at += 1) expect(await asks(two)).toBe(200);
  expect(received(two)).toEqual([0, 4]);
  const elsewhere = admin.at(replica.app.url);
  await expect
    .poll(async () => (await seen(elsewhere))[0]?.withdrawalReason, { timeout: 15_000 })
    .toBe('new cooling');
  const restarted = { ...two, app: await testApp({ databaseUrl, config }) };
  for (const place of [replica, restarted])
    for (let at = 0; at < 2; at += 1) expect(await asks(place)).toBe(200);
  expect(received(two)).toEqual([0, 8]);
  expect(await admin.asks('{ models { status healthyEndpointCount } }')).toEqual({
    models: [{ status: 'DEGRADED', healthyEndpointCount: 1 }],
  });
  await admin.asks(RESTORE, { id });
  for (let at = 0; at < 4; at += 1) expect(await asks(two)).toBe(200);
  expect(received(two)).toEqual([2, 10]);
  expect(await auditOf(two, id)).toMatchObject([
    { action: 'endpoint.withdrawn', subject_kind: 'endpoint', reason: 'new cooling' },
    { action: 'endpoint.restored', subject_kind: 'endpoint', reason: null },
  ]);
}, 30_000);

test('what runs at an endpoint that is taken out goes on to its end', async () => {
  const two = await fleet({ endpoints: [{}, {}] });
  const [first] = two.models as [FakeModel];
  first.answerNext((request) => request.says('Hel'));
  const response = await post(two.app, { ...HELLO, stream: true }, { key: two.key });
  const request = await first.received();
  const admin = await adminOf(two);
  const id = await idAt(admin, 0);
  await admin.asks(WITHDRAW, { id });
  expect(await seen(admin)).toMatchObject([{ id, inFlight: 1 }, { inFlight: 0 }]);
  request.says('lo');
  request.finishes();
  const text = await response.text();
  expect(text).toContain('lo');
  expect(text.trimEnd().endsWith('[DONE]')).toBe(true);
  expect(await seen(admin)).toMatchObject([{ id, inFlight: 0 }, {}]);
});

test('with all endpoints taken out a model is down; twice out or twice back is once', async () => {
  const one = await fleet({ endpoints: [{}] });
  const admin = await adminOf(one);
  const id = await idAt(admin, 0);
  for (let at = 0; at < 2; at += 1) await admin.asks(WITHDRAW, { id, reason: `try ${at}` });
  const response = await post(one.app, HELLO, { key: one.key });
  expect([response.status, (await errorOf(response)).code]).toEqual([503, 'model_unavailable']);
  expect(await admin.asks('{ models { status } }')).toEqual({ models: [{ status: 'DOWN' }] });
  for (let at = 0; at < 2; at += 1) await admin.asks(RESTORE, { id });
  expect(await asks(one)).toBe(200);
  expect(await auditOf(one, id)).toMatchObject([{ reason: 'try 0' }, { reason: null }]);
});

test('only administrators look at endpoints or move them, and only those that there are', async () => {
  const one = await fleet({ endpoints: [{}] });
  const admin = await adminOf(one);
  const ada = await one.app.person();
  const id = await idAt(admin, 0);
  expect(await ada.refusal('{ endpoints { id } }')).toBe('FORBIDDEN');
  expect(await ada.refusal(WITHDRAW, { id })).toBe('FORBIDDEN');
  expect(await ada.refusal(RESTORE, { id })).toBe('FORBIDDEN');
  expect(await admin.refusal(WITHDRAW, { id: 'nothing' })).toBe('NOT_FOUND');
  expect(await admin.refusal(RESTORE, { id: 'nothing' })).toBe('NOT_FOUND');
  expect(await admin.refusal(WITHDRAW, { id, reason: 'x'.repeat(501) })).toBe('TOO_LARGE');
  expect(await admin.refusal(WITHDRAW, { id, reason: 'a\u0000\u001b[31m' })).toBe('INVALID');
  expect(await asks(one)).toBe(200);
  expect(await auditOf(one, id)).toEqual([]);
});

test('each probe is logged where app.logs.model says so, and follows a save', async () => {
  const model = await startFakeModel();
  onTestFinished(() => model.close());
  const one = await fleet({ endpoints: [{}] });
  const lines = () =>
    one.app.log.filter(({ level, msg }) => level === 30 && `${msg}`.includes('its probe'));
  expect(lines()).toEqual([]);
  const endpoints = [{}, {}];
  const all = [...one.models, model];
  await one.app.saves({
    ...modelsOf(all, { endpoints }),
    app: {
      debug: true,
      dev_user: 'dev@example.com',
      secret_key: 'the-session-secret-of-tests-0123456789',
      encryption_key: 'the-api-key-secret-of-tests-0123456789',
      logs: { model: true },
    },
  });
  await expect.poll(lines).toMatchObject([{ host: new URL(model.url).host, model: 'fake-1' }]);
});
