// The groups of the first README, as they stand there, in a running Lumen.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { coins } from '../../../server/kernel/coins.ts';
import type { Person } from '../../support/actors.ts';
import { answers } from '../../support/fake-model.ts';
import { institution, signsIn } from '../../support/institution.ts';
import { GROUPS, RULES } from '../../unit/config/seed-files.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';

const groups = { ...parse(GROUPS).groups, ...parse(RULES).groups };
const ADA = { sub: 'ada-1', email: 'ada@illinois.edu', email_verified: true, name: 'Ada' };
const STAFF = { affiliation: 'member@illinois.edu;staff@illinois.edu' };
const IDP = { idp: 'urn:mace:incommon:uiuc.edu' };

const budget = async (person: Person) =>
  (await person.asks('{ viewer { pool { unit max left refreshPerHour } } models { name } }')) as {
    viewer: { pool: object | null };
    models: object[];
  };

test('half a million tokens are half a million tokens, for those whom the rules take in only', async () => {
  const { app, oidc } = await institution({ groups });
  oidc.claims = { ...ADA, ...STAFF, ...IDP };
  const ada = await signsIn(app);
  const pool = { unit: 'TOKENS', max: '500000', left: '500000', refreshPerHour: '10000' };
  expect(await budget(ada)).toEqual({ viewer: { pool }, models: [{ name: 'fake' }] });

  app.model.answer(
    answers({ texts: ['Hi'], usage: { prompt_tokens: 100, completion_tokens: 50 } }),
  );
  const { key } = await ada.withKey();
  expect((await post(app, HELLO, { key })).status).toBe(200);
  const settled = "select amount from ledger_entry where kind = 'settle'";
  expect(await app.rows(settled)).toEqual([{ amount: -coins(150) }]);

  oidc.claims = { ...ADA, ...STAFF };
  const outside = await signsIn(app);
  expect(await budget(outside)).toEqual({ viewer: { pool: null }, models: [] });
  const refused = await post(app, HELLO, { key });
  expect(refused.status).toBe(403);
  expect(await errorOf(refused)).toMatchObject({ code: 'model_not_allowed' });
});
