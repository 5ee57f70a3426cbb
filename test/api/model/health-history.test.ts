import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { testApp } from '../../support/app.ts';
import { answers, responds } from '../../support/fake-model.ts';
import { adminOf, asks, becomes, fleet, modelsOf } from './fleet.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
const AWAY = 'alter table health_change rename to health_change_away';
const BACK = 'alter table health_change_away rename to health_change';

interface Change {
  readonly at: string;
  readonly health: string;
  readonly why: string | null;
}

const changesSeen = async (admin: Person): Promise<readonly Change[]> =>
  (
    await admin.asks<{ endpoints: { healthChanges: Change[] }[] }>(
      '{ endpoints { healthChanges { at health why } } }',
    )
  ).endpoints[0]?.healthChanges ?? [];
const statesSeen = async (admin: Person) =>
  (await changesSeen(admin)).map(({ health, why }) => [health, why]);

test('how the health of an endpoint changed is the same at each replica, and known after a restart', async () => {
  const one = await fleet({ endpoints: [{}] });
  const [model] = one.models;
  const { databaseUrl } = one.app;
  const config = modelsOf(one.models, { endpoints: [{}] });
  const admin = await adminOf(one);
  await expect.poll(() => statesSeen(admin), PATIENCE).toEqual([['HEALTHY', null]]);
  model?.answerNext(responds(500, 'oops'));
  expect(await asks(one)).toBe(502);
  await becomes(admin, 'HEALTHY');
  const story = [
    ['HEALTHY', null],
    ['SUSPECT', 'It answered with an error of its own.'],
    ['HEALTHY', null],
  ];
  await expect.poll(() => statesSeen(admin), PATIENCE).toEqual(story);

  // It finds the endpoint healthy as well, which is no change.
  const other = await testApp({ databaseUrl, config });
  const noted = () => other.rows("select 1 from health_change where health = 'HEALTHY'");
  await expect.poll(async () => (await noted()).length, PATIENCE).toBe(3);
  expect(await changesSeen(admin.at(other.url))).toEqual(await changesSeen(admin));
  expect(await statesSeen(admin)).toEqual(story);
});

test('health goes on while it can not be stored, and what was noted meanwhile is stored later', async () => {
  const one = await fleet({ endpoints: [{}] });
  const [model] = one.models;
  const admin = await adminOf(one);
  await expect.poll(() => statesSeen(admin), PATIENCE).toEqual([['HEALTHY', null]]);
  await one.app.rows(AWAY);
  if (model) model.modelsBehaviour = responds(500, 'no probe brings it back');
  model?.answer(responds(500, 'oops'));
  expect(await asks(one)).toBe(502);
  await becomes(admin, 'DOWN');
  if (model) model.modelsBehaviour = null;
  model?.answer(answers({ texts: ['Hi'] }));
  await becomes(admin, 'HEALTHY');
  expect(await asks(one)).toBe(200);
  await one.app.rows(BACK);
  await expect
    .poll(async () => (await changesSeen(admin)).map(({ health }) => health), PATIENCE)
    .toEqual(['HEALTHY', 'SUSPECT', 'DOWN', 'HEALTHY']);
}, 60_000);

test('what is older than thirty days is no longer told once the sweeping has come by', async () => {
  const first = await fleet({ endpoints: [{}] });
  const { databaseUrl } = first.app;
  await first.app.rows(
    "insert into health_change (endpoint_id, at, health) select 'old', now() - interval '31 days', 'DOWN'",
  );
  await first.app.rows(
    "insert into health_change (endpoint_id, at, health) select 'restless', now() - n * interval '1 s', 'DOWN' from generate_series(1, 1100) n",
  );
  // Jobs run at the start of each replica.
  await testApp({ databaseUrl, config: modelsOf(first.models, { endpoints: [{}] }) });
  const counts = () =>
    first.app.rows(
      "select endpoint_id, count(*)::int from health_change where endpoint_id in ('old', 'restless') group by 1",
    );
  await expect.poll(counts, PATIENCE).toEqual([{ endpoint_id: 'restless', count: 1000 }]);
});
