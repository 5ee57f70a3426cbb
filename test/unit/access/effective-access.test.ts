import { expect, test } from 'vitest';
import { effectiveAccess } from '../../../server/access/effective-access.ts';
import { configOf } from '../config/read.ts';

const ADA = {
  kind: 'person',
  email: 'ada@example.org',
  slug: null,
  groups: [],
  acknowledged: new Map<string, string>(),
  limit: null,
} as const;
const PROJECT = {
  kind: 'project',
  email: null,
  slug: 'robot',
  groups: [],
  acknowledged: new Map<string, string>(),
  limit: null,
} as const;

interface Case {
  /** Settings of the model `m`. */
  readonly model?: string;
  /** Rules of Ada herself, and of her groups `a` and `b`. */
  readonly ada?: string;
  readonly a?: string;
  readonly b?: string;
  /** Of everybody. */
  readonly all?: 'allowed' | 'blocked';
}

async function accessOf(
  { model = '', ada = '', a = '', b = '', all = 'blocked' }: Case,
  account: Parameters<typeof effectiveAccess>[1] = ADA,
) {
  const config = await configOf(`
models: [{ name: m, input_cost_per_million: 1, output_cost_per_million: 1, ${model} }]
groups: { a: { model_access: { ${a} } }, b: { model_access: { ${b} } } }
users: { ada@example.org: { groups: [a, b], model_access: { ${ada} } } }
defaults: { models: { access: ${all} } }`);
  const found = config.models.get('m');
  if (!found) throw new Error('the model was not read');
  return effectiveAccess(config, account, found);
}

const ALLOW = 'allowed: [m]';
const BLOCK = 'blocked: [m]';
const BY_DEFAULT = 'default: allowed';
const NOT_BY_DEFAULT = 'default: blocked';

const cases: readonly [string, Case, 'ALLOWED' | 'BLOCKED' | 'ACKNOWLEDGEMENT_NEEDED'][] = [
  // Tier 1: the account's own rule for the model.
  [
    'her own allowance wins over every block',
    { ada: ALLOW, a: BLOCK, b: BLOCK, model: 'access: blocked' },
    'ALLOWED',
  ],
  [
    'her own block wins over every allowance',
    { ada: BLOCK, a: ALLOW, b: ALLOW, model: 'access: allowed', all: 'allowed' },
    'BLOCKED',
  ],
  ['of her own two rules the block wins', { ada: `${ALLOW}, ${BLOCK}` }, 'BLOCKED'],
  // Tier 2: her groups' rules for the model.
  [
    "a group's allowance wins over the model's setting",
    { a: ALLOW, model: 'access: blocked' },
    'ALLOWED',
  ],
  [
    "a group's block wins over the model's setting",
    { a: BLOCK, model: 'access: allowed' },
    'BLOCKED',
  ],
  ['of two groups the block wins', { a: ALLOW, b: BLOCK }, 'BLOCKED'],
  ['of two groups the block wins in either order', { a: BLOCK, b: ALLOW }, 'BLOCKED'],
  ["a group's block wins over her own default", { a: BLOCK, ada: BY_DEFAULT }, 'BLOCKED'],
  // Tier 3: the model's own setting.
  [
    "the model's allowance wins over the groups' defaults",
    { model: 'access: allowed', a: NOT_BY_DEFAULT, b: NOT_BY_DEFAULT },
    'ALLOWED',
  ],
  [
    "the model's block wins over the groups' defaults",
    { model: 'access: blocked', a: BY_DEFAULT, b: BY_DEFAULT },
    'BLOCKED',
  ],
  // Tier 4: her groups' defaults.
  ["a group's default allows", { a: BY_DEFAULT }, 'ALLOWED'],
  ['of two groups the allowing default wins', { a: NOT_BY_DEFAULT, b: BY_DEFAULT }, 'ALLOWED'],
  ["a group's default wins over her own", { a: BY_DEFAULT, ada: NOT_BY_DEFAULT }, 'ALLOWED'],
  [
    "a group's blocking default wins over the default of all",
    { a: NOT_BY_DEFAULT, all: 'allowed' },
    'BLOCKED',
  ],
  // Tier 5: her own default.
  ['her own default wins over the default of all', { ada: BY_DEFAULT }, 'ALLOWED'],
  [
    'her own blocking default wins over the default of all',
    { ada: NOT_BY_DEFAULT, all: 'allowed' },
    'BLOCKED',
  ],
  // Tier 6: the default of all.
  ['the default of all allows', { all: 'allowed' }, 'ALLOWED'],
  ['the default of all blocks', { all: 'blocked' }, 'BLOCKED'],
  // Across the tiers.
  [
    'a disabled model is blocked whatever they say',
    { model: 'disabled: true', ada: ALLOW, all: 'allowed' },
    'BLOCKED',
  ],
  [
    'an allowed model may want to be acknowledged first',
    { model: 'needs_ack: true', all: 'allowed' },
    'ACKNOWLEDGEMENT_NEEDED',
  ],
  ['a blocked model does not ask to be acknowledged', { model: 'needs_ack: true' }, 'BLOCKED'],
  [
    'rules for another model say nothing of this one',
    { ada: 'allowed: [other]', a: 'allowed: [other]' },
    'BLOCKED',
  ],
];

test.each(cases)('%s', async (_what, settings, access) => {
  expect(await accessOf(settings)).toBe(access);
});

test("a project that nobody put into a group: the model's setting and the default of all decide", async () => {
  const settings = { a: ALLOW, b: BY_DEFAULT, ada: ALLOW };
  expect(await accessOf(settings, PROJECT)).toBe('BLOCKED');
  expect(await accessOf({ ...settings, all: 'allowed' }, PROJECT)).toBe('ALLOWED');
  expect(await accessOf({ model: 'access: allowed' }, PROJECT)).toBe('ALLOWED');
});

test('a project that was put into a group has its rules', async () => {
  expect(await accessOf({ a: ALLOW }, { ...PROJECT, groups: ['a'] })).toBe('ALLOWED');
  expect(await accessOf({ a: BLOCK, all: 'allowed' }, { ...PROJECT, groups: ['a'] })).toBe(
    'BLOCKED',
  );
});

test('somebody whom the file does not name has the rules of the group named default', async () => {
  const config = await configOf(`
models: [{ name: m, input_cost_per_million: 1, output_cost_per_million: 1 }]
groups: { default: { model_access: { allowed: [m] } } }`);
  const found = config.models.get('m');
  if (!found) throw new Error('the model was not read');
  expect(effectiveAccess(config, { ...ADA, email: 'eve@example.org' }, found)).toBe('ALLOWED');
});
