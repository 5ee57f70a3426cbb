import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import {
  answers,
  type Behaviour,
  endsAfter,
  errorAfter,
  refuses,
  resetsAfter,
  responds,
  respondsHtml,
} from '../../support/fake-model.ts';
import { type Seeded, seeded } from '../../support/seeded.ts';
import { HELLO, post } from '../v1/client.ts';
import { expectCleanBooks, wrongPools } from './audit.ts';

const usageOf = (random: Seeded) => ({
  prompt_tokens: random.int(0, 300),
  completion_tokens: random.int(0, 200),
});

/** Six good answers to one of each fault. */
function behaviourOf(random: Seeded): Behaviour {
  const good = () => answers({ texts: ['One ', 'two ', 'three'], usage: usageOf(random) });
  const uncounted = answers({ texts: ['One ', 'two'], usage: null });
  const faults = [
    uncounted,
    resetsAfter('One ', 'two'),
    resetsAfter(),
    endsAfter('One ', 'two'),
    errorAfter({ error: { message: 'out of memory' } }, 'One'),
    refuses(400, 'too long'),
    refuses(401, 'bad key'),
    responds(500, 'oops'),
    respondsHtml(),
  ];
  return random.chance(0.5) ? good() : random.oneOf(faults);
}

/** One request, at the door and in the manner that chance has it; some clients leave early. */
async function request(app: TestApp, random: Seeded, person: Person, key: string): Promise<void> {
  if (random.chance(0.2)) {
    const { assistantMessage } = await person.says('Hello');
    await person.awaits(assistantMessage.id);
    return;
  }
  const leaving = new AbortController();
  const body = { ...HELLO, stream: random.chance(0.6), max_tokens: random.int(1, 300) };
  const leavesEarly = random.chance(0.15);
  const answer = post(app, body, { key, signal: leaving.signal });
  if (leavesEarly) setTimeout(() => leaving.abort(), random.int(0, 30));
  await answer.then((response) => response.text()).catch(() => undefined);
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

test('R3 after 300 requests of every kind and fate, all books agree', async () => {
  const busy = await testApp({
    config: {
      groups: { default: { max: 1_000, refresh: 0, model_access: { default: 'allowed' } } },
    },
  });
  const random = seeded(3);
  const people = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const person = await busy.person();
      return { person, key: (await person.withKey()).key };
    }),
  );
  busy.model.answer((asked) => behaviourOf(random)(asked));
  for (let round = 0; round < 10; round += 1) {
    const asked = Array.from({ length: 30 }, () => {
      const { person, key } = random.oneOf(people);
      return request(busy, random, person, key);
    });
    expect(await wrongPools(busy)).toEqual([]);
    await Promise.all(asked);
  }
  // Who left early does not hear of the end.
  await expect.poll(() => busy.rows('select * from reservation')).toEqual([]);
  await expectCleanBooks(busy);
  const [log] = await busy.rows<{ count: bigint; fates: string[] }>(
    'select count(*), array_agg(distinct outcome order by outcome) as fates from request_log',
  );
  expect(log?.count).toBeGreaterThan(250n);
  expect(log?.fates).toEqual(expect.arrayContaining(['failed', 'finished']));
});

test('the receipt in the log, the request log, and what the owner sees are one bill', async () => {
  const ada = await app.person();
  const { key } = await ada.withKey();
  const usage = {
    prompt_tokens: 100,
    completion_tokens: 50,
    prompt_tokens_details: { cached_tokens: 30 },
    completion_tokens_details: { reasoning_tokens: 20 },
  };
  app.model.answer(answers({ texts: ['Hi'], usage }));
  const response = await post(app, HELLO, { key });
  const requestId = response.headers.get('x-request-id');

  const [row] = await app.rows('select * from request_log where id = $1', requestId);
  const tokens = { input_tokens: 100, cached_input_tokens: 30, output_tokens: 50 };
  expect(row).toMatchObject({
    ...tokens,
    id: requestId,
    reasoning_tokens: 20,
    cost: 200_000n,
    model: 'fake',
    source: 'api',
    outcome: 'finished',
    failure_code: null,
    is_estimated: false,
  });
  const receipt = () =>
    app.log.find((line) => line.msg === 'request' && line.request === requestId);
  await expect.poll(receipt).toMatchObject({ inputTokens: 100, cost: '200000' });
  const counts = 'requests inputTokens outputTokens cost';
  const seen = await ada.asks(
    `{ viewer { pool { left held } usage { ${counts} api { ${counts} } } apiKeys { usage { ${counts} } } } }`,
  );
  const counted = { requests: 1, inputTokens: 100, outputTokens: 50, cost: '0.2' };
  expect(seen).toEqual({
    viewer: {
      pool: { left: '9.8', held: '0' },
      usage: { ...counted, api: counted },
      apiKeys: [{ usage: counted }],
    },
  });
});

test.each([
  ['a refusal', refuses(400, 'too long'), 400],
  ['a crash', responds(500, 'oops'), 502],
  ['a reset', resetsAfter(), 502],
  ['a page', respondsHtml(), 502],
])('what failed before any output costs nothing: %s', async (_what, behaviour, status) => {
  const ada = await app.person();
  const { key } = await ada.withKey();
  app.model.answer(behaviour);
  for (const stream of [false, true])
    expect((await post(app, { ...HELLO, stream }, { key })).status).toBe(status);
  expect(await ada.pool()).toEqual({ left: 10, held: 0 });
  await expectCleanBooks(app);
});

test('R7 tokens that the model server does not count are estimated, and flagged', async () => {
  const ada = await app.person();
  const { key } = await ada.withKey();
  const messages = [{ role: 'user', content: 'x'.repeat(300) }];
  for (const stream of [false, true]) {
    app.model.answer(answers({ texts: ['y'.repeat(400)], usage: null }));
    await (await post(app, { model: 'fake', messages, stream }, { key })).text();
  }
  const rows = await app.rows<{ is_estimated: boolean; input_tokens: number }>(
    `select is_estimated, input_tokens, output_tokens from request_log q join account a on a.id = q.account_id
      where email = $1`,
    ada.email,
  );
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row).toMatchObject({ is_estimated: true, output_tokens: 100 });
    expect(row.input_tokens).toBeGreaterThan(100);
  }
  expect((await ada.pool()).left).toBeLessThan(9.4);
});

test.each([
  ['negative', { prompt_tokens: -5, completion_tokens: -50 }],
  ['text', { prompt_tokens: 'many', completion_tokens: 'more' }],
  ['beyond belief', { prompt_tokens: 1e15, completion_tokens: 2 ** 31 }],
  ['no object', 'lots'],
])('R8 usage that is %s never credits and never stops the books', async (_what, usage) => {
  const ada = await app.person();
  const { key } = await ada.withKey();
  app.model.answer(answers({ texts: ['Hi'], usage }));
  for (const stream of [false, true]) {
    const response = await post(app, { ...HELLO, stream }, { key });
    expect(await response.text()).toContain('Hi');
  }
  const { left, held } = await ada.pool();
  expect(held).toBe(0);
  expect(left).toBeLessThan(10);
  expect(left).toBeGreaterThan(9);
  await expectCleanBooks(app);
});

test('an embedding holds and pays for its input alone', async () => {
  const ada = await app.person();
  const { key } = await ada.withKey();
  const data = [{ object: 'embedding', index: 0, embedding: [0.5] }];
  const usage = { prompt_tokens: 20, total_tokens: 20 };
  app.model.answer(responds(200, { object: 'list', model: 'fake-1', data, usage }));
  const response = await post(app, { model: 'fake', input: 'Hi' }, { key, path: '/embeddings' });
  expect(response.status).toBe(200);
  expect(app.model.requests.at(-1)?.body).toEqual({ model: 'fake-1', input: 'Hi' });
  expect(await ada.pool()).toEqual({ left: 9.98, held: 0 });
});
