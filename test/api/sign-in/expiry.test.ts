import { afterAll, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { configFor, startApp, testApp } from '../../support/app.ts';
import { waits } from '../../support/fake-model.ts';
import { HELLO, post } from '../v1/client.ts';
import { answers, tab, timed } from './tab.ts';

const app = await startApp();
afterAll(app.close);

const LIMITED = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';

/** A key of the person's that ends so soon. */
async function endingKey(person: Person, inMs: number) {
  const expiresAt = new Date(Date.now() + inMs);
  const { createApiKey } = await person.asks<{ createApiKey: { secret: string } }>(LIMITED, {
    input: { name: 'ends', expiresAt },
  });
  const headers = { authorization: `Bearer ${createApiKey.secret}` };
  return {
    key: createApiKey.secret,
    expiresAt,
    holder: new Person(app.url, person.email, headers),
  };
}

test('a socket closes, and an answer ends, at the moment at which its key expires', async () => {
  const ada = await app.person();
  const { key, expiresAt, holder } = await endingKey(ada, 2_500);
  const socket = await tab(holder);
  const arrival = app.model.received(app.model.requests.length + 1);
  app.model.answerNext(waits());
  const response = post(app, { ...HELLO, stream: true }, { key });
  (await arrival).says('Half');
  const text = (await response).text();
  expect(await socket.closed).toMatchObject({ code: 4403 });
  expect(await text).toMatch(/Half[\s\S]*"code":"access_revoked"/);
  const late = Date.now() - expiresAt.getTime();
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThan(1_000);
});

test('a socket closes at the moment at which its session ends, unless it was used meanwhile', async () => {
  const [idle, busy] = [await app.person('idle@example.org'), await app.person('busy@example.org')];
  const left = (email: string, seconds: number) =>
    app.rows(
      `update session set expires_at = now() + make_interval(secs => $2)
        where account_id = (select id from account where email = $1)`,
      email,
      seconds,
    );
  for (const { email } of [idle, busy]) await left(email, 1.5);
  const [closing, open] = [await tab(idle), await tab(busy)];
  await left(busy.email, 3_600);
  const took = await timed(async () => {
    expect(await closing.closed).toMatchObject({ code: 4403 });
  });
  expect(took).toBeLessThan(2_500);
  expect(await answers(open)).toBe(true);
});

test('a session ends with its longest life, even where it may be left unused for longer', async () => {
  const lasting = await testApp({
    config: (model) => ({
      app: { ...(configFor(model).app as object), session: { idle_hours: 72, lifetime_days: 1 } },
    }),
  });
  const ada = await lasting.person();
  await lasting.rows(`update session set created_at = created_at - interval '25 hours',
    seen_at = seen_at - interval '25 hours', expires_at = expires_at - interval '25 hours'`);
  expect(await ada.refusal('{ viewer { email } }')).toBe('UNAUTHENTICATED');
});
