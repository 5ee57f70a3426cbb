// A file that is saved while a request runs: the request was let in, and is paid, by what its hold says.
import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { waits } from '../../support/fake-model.ts';
import type { FakeRequest } from '../../support/fake-request.ts';
import { cast, keyOfProject, projectOf } from '../project/operations.ts';
import { HELLO, post } from '../v1/client.ts';
import { expectCleanBooks } from './audit.ts';

const PATIENCE = { timeout: 15_000 };
const USAGE = { prompt_tokens: 100, completion_tokens: 50 };

const modelAt = (url: string, prices: object) => ({
  models: [{ name: 'fake', ...prices, endpoints: [{ url, api_key: 'k', model: 'fake-1' }] }],
});
/** Of 100 tokens read and 50 written: 0.2 coins. */
const CHEAP = { input_cost_per_million: 1000, output_cost_per_million: 2000 };
/** Of the same: 2 coins. */
const DEAR = { input_cost_per_million: 10_000, output_cost_per_million: 20_000 };
const access = { model_access: { default: 'allowed' } };

/** A stream that has begun; `finishes` reads it to its end. */
async function streaming(app: TestApp, key: string) {
  const arrival = app.model.received(app.model.requests.length + 1);
  app.model.answerNext(waits());
  const answering = post(app, { ...HELLO, max_tokens: 100, stream: true }, { key });
  const request: FakeRequest = await Promise.race([arrival, refused(answering)]);
  await request.delivers('Hello');
  const answer = await answering;
  const finishes = async () => {
    request.finishes({ usage: USAGE });
    expect(await answer.text()).toContain('[DONE]');
  };
  return { finishes };
}

async function refused(answering: Promise<Response>): Promise<never> {
  const answer = await answering;
  if (answer.ok) return new Promise(() => {});
  throw new Error(await answer.text());
}

const inForce = (ada: Person, query: string) =>
  expect.poll(async () => JSON.stringify(await ada.asks(query)), PATIENCE);

const costs = async ({ rows }: TestApp) =>
  (await rows<{ cost: bigint }>('select cost from request_log order by at')).map(
    ({ cost }) => Number(cost) / 1e6,
  );

test('R10 a price that changes in mid-stream is that of the next request', async () => {
  const app = await testApp({ config: ({ url }) => modelAt(url, CHEAP) });
  const ada = await app.person();
  const { key } = await ada.withKey();
  const before = await streaming(app, key);

  await app.saves(modelAt(app.model.url, DEAR));
  await inForce(ada, '{ models { inputCostPerMillion } }').toContain('"10000"');
  await before.finishes();
  expect(await costs(app)).toEqual([0.2]);

  await (await streaming(app, key)).finishes();
  expect(await costs(app)).toEqual([0.2, 2]);
  expect(await ada.pool()).toEqual({ left: 7.8, held: 0 });
  await expectCleanBooks(app);
});

test('R10 a limit that falls below what runs takes nothing from it, and gives nothing away', async () => {
  const groups = (max: number, more = {}) => ({
    groups: { default: { max, refresh: 0, starting: max, ...access, ...more } },
  });
  const app = await testApp({ config: groups(10) });
  const ada = await app.person();
  const { key } = await ada.withKey();
  const running = await streaming(app, key);
  const { held } = await ada.pool();

  await app.saves(groups(0.001));
  await inForce(ada, '{ viewer { pool { max } } }').toContain('"0.001"');
  expect((await ada.pool()).held).toBe(held);
  await running.finishes();

  expect(await costs(app)).toEqual([0.2]);
  expect(await ada.pool()).toEqual({ left: 9.8, held: 0 });
  await expectCleanBooks(app);
});

test('R11 of several groups, a project and a person, which pool pays is in the hold, and stays so', async () => {
  const groups = (staff: object) => ({
    groups: {
      default: { max: 5, refresh: 0, starting: 5, ...access },
      guests: { max: 7, refresh: 0, starting: 7 },
      staff: { max: 9, refresh: 0, starting: 9, ...staff },
    },
    users: { 'ada@example.org': { groups: ['guests', 'staff'] } },
    projects: { default: { max: 5, starting: 5, ...access } },
  });
  const app = await testApp({ config: groups({}) });
  const { owner: grace, manager, id } = await cast(app);
  const ada = await app.person('ada@example.org');
  const { key } = await ada.withKey();
  const robot = await keyOfProject(manager, id);
  const running = [await streaming(app, key), await streaming(app, robot)];
  const holds = `select a.kind, p.unit from reservation r join account a on a.id = r.account_id
    join pool p using (account_id) order by 1`;
  await expect
    .poll(() => app.rows(holds), PATIENCE)
    .toEqual([
      { kind: 'person', unit: 'coins' },
      { kind: 'project', unit: 'coins' },
    ]);

  // The best of the groups pays for nothing any more, and the next best would.
  await app.saves(groups({ max: 1, starting: 1 }));
  await inForce(ada, '{ viewer { pool { max } } }').toContain('"7"');
  for (const { finishes } of running) await finishes();

  expect(await ada.pool()).toEqual({ left: 8.8, held: 0 });
  expect(await projectOf(manager, id)).toMatchObject({ pool: { left: '4.8' } });
  for (const person of [grace, manager]) expect((await person.pool()).left).toBe(5);
  const shown = await app.rows(
    `select a.kind, sum(amount)::bigint as amount from ledger_entry join account a on a.id = account_id
     where ledger_entry.kind = 'settle' group by 1 order by 1`,
  );
  expect(shown).toEqual([
    { kind: 'person', amount: -200_000n },
    { kind: 'project', amount: -200_000n },
  ]);
  await expectCleanBooks(app);
});

test('R11 what a limited pool holds it pays, though its owner becomes unlimited meanwhile', async () => {
  const limit = (max: number) => ({ users: { 'ada@example.org': { max } } });
  const app = await testApp({ config: limit(3) });
  const ada = await app.person('ada@example.org');
  const { key } = await ada.withKey();
  const running = await streaming(app, key);

  await app.saves(limit(-2));
  await inForce(ada, '{ viewer { pool { unlimited } } }').toContain('true');
  await running.finishes();
  await (await streaming(app, key)).finishes();

  const paid = await app.rows("select amount from ledger_entry where kind = 'settle'");
  expect(paid).toEqual([{ amount: -200_000n }]);
  expect(await costs(app)).toEqual([0.2, 0.2]);
  expect(await app.rows('select held from pool')).toEqual([{ held: 0n }]);
});
