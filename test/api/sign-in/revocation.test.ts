import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { startFakeModel, waits } from '../../support/fake-model.ts';
import { freshDatabase, redisUrl } from '../../support/services.ts';
import { HELLO, post } from '../v1/client.ts';
import { answers, tab, timed } from './tab.ts';

const app = await startApp();
afterAll(app.close);
const admin = await app.person('dev@example.com');

const DISABLE =
  'mutation ($email: String!) { disableAccount(account: { email: $email }) { isActive } }';
const disable = ({ email }: Person) => admin.asks(DISABLE, { email });
const signOut = (person: Person) =>
  fetch(`${app.url}/logout`, { method: 'POST', headers: person.headers, redirect: 'manual' });

test('signing out closes the sockets of this session, and of no other', async () => {
  const [ada, elsewhere] = [
    await app.person('ada@example.org'),
    await app.person('ada@example.org'),
  ];
  const [first, second, other] = [await tab(ada), await tab(ada), await tab(elsewhere)];
  const took = await timed(async () => {
    await signOut(ada);
    expect(await first.closed).toMatchObject({ code: 4403 });
    expect(await second.closed).toMatchObject({ code: 4403 });
  });
  expect(took).toBeLessThan(1_000);
  expect(await answers(other)).toBe(true);
});

test('signing out lets the answer that is being written go on', async () => {
  const [ada, elsewhere] = [
    await app.person('turing@example.org'),
    await app.person('turing@example.org'),
  ];
  const { id, request } = await app.turn(ada);
  const mine = await tab(ada);
  await signOut(ada);
  await mine.closed;
  request.says('All of it');
  request.finishes();
  expect(await elsewhere.awaits(id)).toMatchObject({ status: 'FINISHED', content: 'All of it' });
});

test('revoking a session closes its sockets, and those alone', async () => {
  const [ada, elsewhere] = [
    await app.person('eve@example.org'),
    await app.person('eve@example.org'),
  ];
  const [mine, other] = [await tab(ada), await tab(elsewhere)];
  await ada.asks('mutation { revokeOtherSessions }');
  expect(await other.closed).toMatchObject({ code: 4403 });
  expect(await answers(mine)).toBe(true);
});

test('R40 disabling closes every socket and ends the running turn, which is paid for as far as it came', async () => {
  const ada = await app.person();
  const { id, conversationId, request } = await app.turn(ada);
  request.says('Once upon a time');
  await ada.readsTo(id, 16);
  const sockets = [await tab(ada), await tab(await ada.withKey())];
  const took = await timed(async () => {
    await disable(ada);
    await request.closedByClient;
    for (const socket of sockets) {
      const { code, reason } = await socket.closed;
      expect([code, reason]).toEqual([4403, expect.stringMatching(/^FORBIDDEN: /)]);
    }
  });
  expect(took).toBeLessThan(1_000);
  const stored = () =>
    app.rows<{ status: string; failure_code: string; content: string; cost: bigint }>(
      'select status, failure_code, content, cost from message where id = $1',
      id,
    );
  await expect.poll(stored).toEqual([
    {
      status: 'failed',
      failure_code: 'FORBIDDEN',
      content: 'Once upon a time',
      cost: expect.anything(),
    },
  ]);
  const [{ cost } = { cost: 0n }] = await stored();
  expect(cost).toBeGreaterThan(0n);
  const entries = await app.rows(
    `select -amount as paid from ledger_entry where request_id = $1 and kind = 'settle'`,
    id,
  );
  expect(entries).toEqual([{ paid: cost }]);
  expect(await app.rows('select from reservation where request_id = $1', id)).toEqual([]);
  expect(
    await ada.refusal('query ($id: ID!) { conversation(id: $id) { id } }', { id: conversationId }),
  ).toBe('FORBIDDEN');
});

test('R40 a streamed /v1 answer ends with an error event when its key is revoked, and is paid for', async () => {
  const ada = await app.person();
  const key = await ada.withKey();
  const [first, second] = [app.model.requests.length + 1, app.model.requests.length + 2];
  app.model.answerNext(waits());
  const response = post(app, { ...HELLO, stream: true }, { key: key.key });
  const request = await app.model.received(first);
  request.says('Half');
  // Another key's request of the same account goes on.
  app.model.answerNext(waits());
  const other = post(app, { ...HELLO, stream: true }, { key: (await ada.withKey()).key });
  const otherRequest = await app.model.received(second);
  otherRequest.says('All');

  const { viewer } = await ada.asks<{ viewer: { apiKeys: { id: string }[] } }>(
    '{ viewer { apiKeys { id } } }',
  );
  const text = (await response).text();
  const took = await timed(async () => {
    await ada.asks('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', {
      id: viewer.apiKeys[1]?.id,
    });
    await request.closedByClient;
    expect(await text).toMatch(/Half[\s\S]*"code":"access_revoked"/);
  });
  expect(took).toBeLessThan(1_000);
  expect(await text).not.toContain('[DONE]');
  otherRequest.finishes();
  expect(await (await other).text()).toContain('[DONE]');
  const logged = await app.rows(
    'select outcome from request_log where account_id = (select id from account where email = $1) order by outcome',
    ada.email,
  );
  expect(logged).toEqual([{ outcome: 'failed' }, { outcome: 'finished' }]);
});

test('a whole /v1 answer that is being made when the account is disabled is refused', async () => {
  const ada = await app.person();
  const { key } = await ada.withKey();
  const arrival = app.model.received(app.model.requests.length + 1);
  app.model.answerNext(waits());
  const response = post(app, HELLO, { key });
  await arrival;
  await disable(ada);
  const { status } = await response;
  expect(status).toBe(403);
  expect((await post(app, HELLO, { key })).status).toBe(403);
});

test('whom the configuration no longer names an administrator loses the socket, and the rights', async () => {
  const own = await startApp({ config: { admins: ['dev@example.com', 'root@example.org'] } });
  onTestFinished(own.close);
  const [root, dev] = [await own.person('root@example.org'), await own.person('dev@example.com')];
  const [lost, kept] = [await tab(root), await tab(dev)];
  await own.saves({ admins: ['dev@example.com'] });
  expect(await lost.closed).toMatchObject({ code: 4403 });
  expect(await answers(kept)).toBe(true);
  expect(await root.refusal('{ people { next } }')).toBe('FORBIDDEN');
});

describe.skipIf(!redisUrl())('two replicas', () => {
  test('R40 what is disabled at one is shut out at the other at once', async () => {
    const model = await startFakeModel();
    const shared = {
      model,
      databaseUrl: await freshDatabase(),
      env: { REDIS_URL: redisUrl() ?? '' },
    };
    const [one, two]: TestApp[] = await Promise.all([startApp(shared), startApp(shared)]);
    if (!one || !two) throw new Error('two were started');
    onTestFinished(async () => {
      await Promise.all([one.close(), two.close()]);
      await model.close();
    });
    const root = await one.person('dev@example.com');
    const ada = await two.person();
    const script = await ada.withKey();
    await script.asks('{ viewer { id } }');
    const { id, request } = await two.turn(ada);
    request.says('Half');
    await ada.readsTo(id, 4);
    const socket = await tab(ada);
    const took = await timed(async () => {
      await root.asks(DISABLE, { email: ada.email });
      await request.closedByClient;
      expect(await socket.closed).toMatchObject({ code: 4403 });
    });
    expect(took).toBeLessThan(1_000);
    expect(await script.refusal('{ viewer { id } }')).toBe('FORBIDDEN');
  });
});
