import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { cast } from '../project/operations.ts';
import { answer, type Operation, rootOperations } from './root-fields.ts';

/** What a field may answer whom; a new field is in none of these lists until somebody decides. */
const FOR_VISITORS = ['site'];
const FOR_ADMINISTRATORS = [
  ...['auditEntries', 'checkConfig', 'configBackup', 'configFile', 'configStatus'],
  ...['endpointMetadata', 'endpoints', 'explainAccess', 'explainClaims', 'group', 'groups'],
  ...['people', 'peopleTotals', 'person', 'previewMembersImport', 'status'],
  ...['addGroupMember', 'confirmAccountDeletion', 'createGroup', 'createProject'],
  ...['declineAccountDeletion', 'deleteGroup', 'disableAccount', 'enableAccount', 'grantCoins'],
  ...['importGroupMembers', 'removeGroupMember', 'resetPool', 'restoreConfigBackup'],
  ...['restoreEndpoint', 'saveConfig', 'setAccountLimit', 'updateGroup', 'withdrawEndpoint'],
];
/** What a key of one scope may ask, besides what is for visitors. */
const BY_SCOPE: Readonly<Record<string, (operation: Operation) => boolean>> = {
  CHAT: ({ name }) =>
    ['sendMessage', 'editMessage', 'regenerateAnswer', 'continueAnswer', 'deleteUpload'].includes(
      name,
    ),
  MODELS: () => false,
  USAGE: ({ name }) => ['usage', 'viewer'].includes(name),
  GRAPHQL_READ: ({ query }) => query.startsWith('query'),
  GRAPHQL: () => true,
};

let app: TestApp;
let operations: readonly Operation[];
beforeAll(async () => {
  app = await startApp();
  operations = await rootOperations();
});
afterAll(() => app.close());

/** The names of the fields that this person is refused with the code. */
async function refused(code: string, person: Pick<Person, 'url' | 'headers'>): Promise<string[]> {
  const names: string[] = [];
  for (const operation of operations) {
    const { errors } = await answer(person, operation);
    if (errors?.[0]?.extensions.code === code) names.push(operation.name);
  }
  return names.sort();
}

test('R35 whatever the schema has is refused to visitors before anything else, but for what is theirs', async () => {
  const names = operations.map(({ name }) => name).filter((name) => !FOR_VISITORS.includes(name));
  expect(names.length).toBeGreaterThan(50);
  expect(await refused('UNAUTHENTICATED', { url: app.url, headers: {} })).toEqual(names.sort());
});

test('R35 what is for administrators is refused to everybody else, and nothing but that', async () => {
  const plain = await app.person('plain@example.org');
  const { owner } = await cast(app);
  for (const person of [plain, owner])
    expect(await refused('FORBIDDEN', person)).toEqual(FOR_ADMINISTRATORS.sort());
});

test.each(Object.keys(BY_SCOPE))(
  'R35 a key of the scope %s opens what the scope is for, also when an administrator made it',
  async (scope) => {
    const admin = await app.person('dev@example.com');
    const { createApiKey } = await admin.asks<{ createApiKey: { secret: string } }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { name: 'script', scopes: [scope] } },
    );
    const script = new Person(app.url, admin.email, {
      authorization: `Bearer ${createApiKey.secret}`,
    });
    const refusals: string[] = [];
    for (const operation of operations) {
      const { errors } = await answer(script, operation);
      if (errors?.[0]?.extensions.reason === 'scope_missing') refusals.push(operation.name);
    }
    const closed = operations.filter((operation) => !BY_SCOPE[scope]?.(operation));
    expect(refusals.sort()).toEqual(closed.map(({ name }) => name).sort());
  },
);
