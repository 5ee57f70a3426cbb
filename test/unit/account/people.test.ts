import { expect, test } from 'vitest';
import { initialsOf, initialsOfProject } from '../../../server/account/account.entity.ts';
import { actorOf } from '../../../server/account/actor.ts';
import type { Config } from '../../../server/config/config.ts';

test('initials are of the first and the last word, or of the only one', () => {
  const names = {
    'Ada Lovelace': 'AL',
    'Johann Sebastian Bach': 'JB',
    ada: 'AD',
    x: 'X',
    '  ': '??',
    '': '??',
    '漢字 かな': '漢か',
    '😀😁😂': '😀😁',
    'élodie  ': 'ÉL',
  };
  for (const [name, initials] of Object.entries(names)) expect(initialsOf(name)).toBe(initials);
});

test('P1 initials of a project are the first two letters or digits of its name', () => {
  const names = {
    'Weather Station': 'WE',
    'a/b': 'AB',
    x: 'X',
    élan: 'ÉL',
    '42': '42',
    名前: '名前',
  };
  for (const [name, initials] of Object.entries(names))
    expect(initialsOfProject(name)).toBe(initials);
});

const row = {
  account_id: 'a',
  kind: 'person',
  name: 'Ada',
  email: 'ada@example.org',
  slug: null,
  is_active: true,
  groups: [],
  rule_groups: [],
  acknowledged: {},
  account_limit: null,
  has_monthly_limit: false,
} as const;
const config = { admins: new Set(['ada@example.org']) } as unknown as Config;

test('an administrator is whoever the configuration names, now', () => {
  expect(actorOf(row, config, {})).toMatchObject({ isAdmin: true, apiKeyId: null, session: null });
  const others = { admins: new Set(['eve@example.org']) } as unknown as Config;
  expect(actorOf(row, others, { apiKeyId: 'k' })).toMatchObject({ isAdmin: false, apiKeyId: 'k' });
  expect(actorOf({ ...row, kind: 'project', email: null, slug: 'p' }, config, {}).isAdmin).toBe(
    false,
  );
});

test('a disabled account acts no more', () => {
  expect(() => actorOf({ ...row, is_active: false }, config, {})).toThrow(/disabled/);
});
