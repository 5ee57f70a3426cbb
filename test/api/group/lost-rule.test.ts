import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { institution, signsIn } from '../../support/institution.ts';
import { ONE } from './operations.ts';

const rules = [{ field: 'affiliation', contains: 'staff@' }];
const groups = (staff: object) => ({
  groups: {
    default: { max: 10, model_access: { default: 'blocked' } },
    staff: { max: 50, model_access: { allowed: ['fake'] }, ...staff },
  },
});
const POOL = '{ viewer { pool { max } } }';
const modelsOf = async (person: Person) =>
  (await person.asks<{ models: { name: string }[] }>('{ models { name } }')).models.map(
    ({ name }) => name,
  );

test('whom a rule put into a group has it only while the file has rules for it', async () => {
  const { app, oidc } = await institution(groups({ rules }));
  oidc.claims = {
    sub: 'ada-1',
    email: 'ada@example.org',
    email_verified: true,
    affiliation: 'staff@example.org',
  };
  const ada = await signsIn(app);
  const key = await ada.withKey();
  const dev = await app.person('dev@example.com');
  const members = async () =>
    (await dev.asks<{ group: { members: { nodes: object[] } } }>(ONE, { name: 'staff' })).group
      .members.nodes;
  for (const door of [ada, key]) expect(await modelsOf(door)).toEqual(['fake']);
  expect(await members()).toHaveLength(1);
  const { id, request } = await app.turn(ada);
  request.says('Half of it');

  await app.saves(groups({}));
  await request.closedByClient;
  expect(await ada.awaits(id)).toMatchObject({
    status: 'FAILED',
    failure: { code: 'FORBIDDEN' },
  });
  for (const door of [ada, key]) {
    expect(await modelsOf(door)).toEqual([]);
    expect(await door.asks(POOL)).toMatchObject({ viewer: { pool: { max: '10' } } });
  }
  expect(await members()).toEqual([]);

  await app.saves(groups({ rules }));
  await expect.poll(() => modelsOf(ada)).toEqual(['fake']);
  expect(await modelsOf(key)).toEqual(['fake']);
});
