import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import type { TestApp } from '../../support/app.ts';
import { institution, signsIn } from '../../support/institution.ts';

const ADA = { sub: 'ada-1', email: 'ada@example.org', email_verified: true, name: 'Ada Lovelace' };

const GROUPS = {
  default: { max: 10, model_access: { default: 'blocked' } },
  staff: {
    rules: [{ field: 'affiliation', contains: 'staff@' }],
    model_access: { allowed: ['fake'] },
  },
  ai: { rules: [{ field: 'member_of', contains: 'ai' }] },
};

const modelsOf = async (person: Person) =>
  (await person.asks<{ models: { name: string }[] }>('{ models { name } }')).models.map(
    ({ name }) => name,
  );

const memberships = (app: TestApp) =>
  app.rows<{ group_name: string; origin: string }>(
    'select group_name, origin from group_member order by group_name, origin',
  );

test('what the institution says at sign-in puts a person into groups, and the next sign-in out of them', async () => {
  const { app, oidc } = await institution({ groups: GROUPS });
  oidc.claims = { ...ADA, affiliation: 'staff@example.org', member_of: ['hpc', 'ai'] };
  const ada = await signsIn(app);
  const key = await ada.withKey();
  expect(await memberships(app)).toEqual([
    { group_name: 'ai', origin: 'rule' },
    { group_name: 'staff', origin: 'rule' },
  ]);
  expect(await modelsOf(ada)).toEqual(['fake']);
  expect(await modelsOf(key)).toEqual(['fake']);

  oidc.claims = { ...ADA, affiliation: 'student@example.org', member_of: ['ai'] };
  const later = await signsIn(app);
  expect(await memberships(app)).toEqual([{ group_name: 'ai', origin: 'rule' }]);
  for (const door of [later, ada, key]) expect(await modelsOf(door)).toEqual([]);
});

test('a sign-in writes down which groups it changed, and nothing when it changed none', async () => {
  const { app, oidc } = await institution({ groups: GROUPS });
  const entries = () =>
    app.rows("select after from audit_entry where action = 'account.rules_followed' order by id");
  oidc.claims = { ...ADA, member_of: ['ai'] };
  await signsIn(app);
  await signsIn(app);
  expect(await entries()).toEqual([{ after: { joined: ['ai'], left: [] } }]);
  oidc.claims = ADA;
  await signsIn(app);
  expect((await entries()).at(-1)).toEqual({ after: { joined: [], left: ['ai'] } });
});

test('memberships made by hand stay, whatever the institution says', async () => {
  const { app, oidc } = await institution({ groups: GROUPS });
  oidc.claims = { ...ADA, affiliation: 'staff@example.org' };
  const ada = await signsIn(app);
  await app.rows(`insert into group_member (group_name, account_id, origin)
    select 'staff', id, 'manual' from account where email = 'ada@example.org'`);
  oidc.claims = ADA;
  await signsIn(app);
  expect(await memberships(app)).toEqual([{ group_name: 'staff', origin: 'manual' }]);
  expect(await modelsOf(ada)).toEqual(['fake']);
});

test('a sign-in that is refused changes no group', async () => {
  const { app, oidc } = await institution({ groups: GROUPS });
  oidc.claims = { ...ADA, member_of: ['ai'] };
  await signsIn(app);
  await app.rows('update account set is_active = false');
  oidc.claims = ADA;
  await expect(signsIn(app)).rejects.toThrow('signin=account_disabled');
  expect(await memberships(app)).toEqual([{ group_name: 'ai', origin: 'rule' }]);
});
