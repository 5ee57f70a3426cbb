import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import type { FakeModel } from '../../support/fake-model.ts';

const prices = { input_cost_per_million: 1, output_cost_per_million: 1 };

const config = (model: FakeModel) => {
  const endpoints = [{ url: model.url, model: 'fake-1' }];
  const one = (name: string, more = {}) => ({ name, ...prices, endpoints, ...more });
  return {
    models: [
      one('fake'),
      one('off', { disabled: true, access: 'allowed' }),
      one('open', { access: 'allowed' }),
      one('own'),
      one('terms', { access: 'allowed', needs_ack: true }),
      one('torn'),
    ],
    groups: {
      default: { max: 5, model_access: { blocked: ['torn'] } },
      staff: {
        max: 100,
        refresh: 2.5,
        rules: [{ field: 'affiliation', contains: 'staff@' }],
        model_access: { default: 'allowed', allowed: ['torn'] },
      },
      rich: { max: -2, rules: [{ field: 'member_of', contains: 'rich' }] },
    },
    users: {
      'ada@example.org': { model_access: { blocked: ['own'] } },
      'bea@example.org': { model_access: { default: 'allowed' } },
    },
  };
};

let app: TestApp;
let admin: Person;
let ada: Person;
beforeAll(async () => {
  app = await startApp({ config });
  [admin, ada] = [await app.person('dev@example.com'), await app.person('ada@example.org')];
  await app.rows(`insert into group_member (group_name, account_id, origin)
    select 'staff', id, 'manual' from account where email = 'ada@example.org'`);
});
afterAll(() => app.close());

const CLAIMS = `query ($claims: String!) { explainClaims(claims: $claims) {
  groups pool { unit max refreshPerHour starting } models { name access } } }`;
const ACCESS = `query ($email: String!, $model: String!) {
  explainAccess(email: $email, model: $model) { access tier because } }`;

const withClaims = async (claims: object) =>
  (
    await admin.asks<{
      explainClaims: {
        groups: string[];
        models: { name: string; access: string }[];
        pool: unknown;
      };
    }>(CLAIMS, { claims: JSON.stringify(claims) })
  ).explainClaims;

const accessOf = async (model: string, email = 'ADA@example.org') =>
  (await admin.asks<{ explainAccess: object }>(ACCESS, { email, model })).explainAccess;

test('claims are explained by the groups, the pool and the models that they would give', async () => {
  const staff = await withClaims({ affiliation: 'staff@example.org', email: 'Ada@example.org' });
  expect(staff.groups).toEqual(['default', 'staff']);
  expect(staff.pool).toEqual({ unit: 'COINS', max: '100', refreshPerHour: '2.5', starting: '100' });
  expect(Object.fromEntries(staff.models.map(({ name, access }) => [name, access]))).toEqual({
    fake: 'ALLOWED',
    off: 'BLOCKED',
    open: 'ALLOWED',
    own: 'BLOCKED',
    terms: 'ACKNOWLEDGEMENT_NEEDED',
    torn: 'BLOCKED',
  });
  const nobody = await withClaims({});
  expect(nobody.groups).toEqual(['default']);
  expect(nobody.pool).toMatchObject({ max: '5' });
  expect((await withClaims({ member_of: ['rich'] })).pool).toMatchObject({ max: null });
});

test('explaining claims stores nothing', async () => {
  const before = await app.rows('select count(*) from account');
  await withClaims({ email: 'somebody-new@example.org', affiliation: 'staff@example.org' });
  expect(await app.rows('select count(*) from account')).toEqual(before);
});

test('what is not one JSON object is no claims', async () => {
  for (const claims of ['', '[]', 'null', '"text"', '{', 'affiliation: staff'])
    expect(await admin.refusal(CLAIMS, { claims }), claims).toBe('INVALID');
  expect(await admin.refusal(CLAIMS, { claims: `{"a": "${'x'.repeat(100_000)}"}` })).toBe(
    'TOO_LARGE',
  );
});

test.each([
  ['off', 'BLOCKED', 'DISABLED', 'The model is disabled for everybody.'],
  ['own', 'BLOCKED', 'OWN_RULE', 'The person’s own rules name own.'],
  [
    'torn',
    'BLOCKED',
    'GROUP_RULES',
    'Groups have a rule for torn, where a block wins: default (blocked), staff (allowed).',
  ],
  ['open', 'ALLOWED', 'MODEL', 'No rule names open; its own access is allowed.'],
  [
    'terms',
    'ACKNOWLEDGEMENT_NEEDED',
    'MODEL',
    'No rule names terms; its own access is allowed. Its terms have not been acknowledged yet.',
  ],
  [
    'fake',
    'ALLOWED',
    'GROUP_DEFAULTS',
    'No rule names fake; of the groups’ defaults an allowance wins: staff (allowed).',
  ],
])('access is explained by what decided it: %s', async (model, access, tier, because) => {
  expect(await accessOf(model)).toEqual({ access, tier, because });
});

test('where nothing speaks of a model, a person’s default decides, or everybody’s', async () => {
  await app.person('bea@example.org');
  expect(await accessOf('fake', 'bea@example.org')).toMatchObject({ tier: 'OWN_DEFAULT' });
  expect(await accessOf('fake', 'dev@example.com')).toEqual({
    access: 'BLOCKED',
    tier: 'DEFAULT',
    because: 'Nothing else speaks of fake; everybody’s default is blocked.',
  });
});

test('of people and models that are unknown nothing can be explained', async () => {
  const refused = (email: string, model: string) => admin.refusal(ACCESS, { email, model });
  expect(await refused('nobody@example.org', 'fake')).toBe('NOT_FOUND');
  expect(await refused('\u0000', 'fake')).toBe('NOT_FOUND');
  expect(await refused('ada@example.org', 'nothing')).toBe('NOT_FOUND');
});

test('R35 explanations are for administrators', async () => {
  const visitor = Object.assign(Object.create(ada), { headers: {} }) as Person;
  const access = { email: 'ada@example.org', model: 'fake' };
  for (const [query, variables] of [
    [CLAIMS, { claims: '{}' }],
    [ACCESS, access],
  ] as const) {
    expect(await ada.refusal(query, variables)).toBe('FORBIDDEN');
    expect(await visitor.refusal(query, variables)).toBe('UNAUTHENTICATED');
  }
});
