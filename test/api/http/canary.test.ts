import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import {
  answers,
  refuses,
  resetsAfter,
  responds,
  respondsHtml,
  streamsText,
} from '../../support/fake-model.ts';
import { HELLO, post } from '../v1/client.ts';

const SECRETS = {
  session: 'canary-session-secret-0123456789abcdef',
  encryption: 'canary-encryption-key-0123456789abcdef',
  former: 'canary-former-key-0123456789abcdef',
  client: 'canary-client-secret-0123456789abcdef',
  upstream: 'canary-upstream-key-0123456789abcdef',
  question: 'canary-question-of-a-person',
  answer: 'canary-answer-of-a-model',
};

const query = (text: string, variables: object = {}) => JSON.stringify({ query: text, variables });
const SEND =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { conversation { id } } }';

/** What nobody can make sense of, and what parsers would quote: by the address that it is sent to. */
const MALFORMED: Readonly<Record<string, string>> = {
  '/graphql': `${SECRETS.question} is no JSON`,
  '/graphql?half': `{"query": "${SECRETS.question}`,
  '/graphql?syntax': query(`{ viewer { "${SECRETS.question}" } }`),
  '/graphql?value': query(SEND, { input: { model: 'fake', content: [SECRETS.question] } }),
  '/graphql?field': query(SEND, { input: { model: 'fake', said: SECRETS.question } }),
  '/graphql/stream': `${SECRETS.question} is no JSON`,
  '/graphql/stream?syntax': query(`subscription { "${SECRETS.question}" }`),
  '/uploads?name=a.pdf': `%PDF-1.4 ${SECRETS.question}`,
  '/v1/chat/completions': `${SECRETS.question} is no JSON`,
};

/** Each writes what a person wrote, in one of the ways in which Lumen writes. */
const WRITES: Readonly<Record<string, object>> = {
  'mutation ($text: String!) { sendMessage(input: { model: "fake", content: $text, uploadIds: [] }) { conversation { id } } }':
    {},
  'mutation ($text: String!) { createPrompt(input: { title: "A", content: $text }) { id } }': {},
  'mutation ($text: String!, $id: ID!) { renameConversation(id: $id, title: $text) { id } }': {
    text: `Not ${SECRETS.question}`,
  },
  'mutation ($text: String!) { importConversations(file: $text) }': { text: exportOf() },
};

/** A file of the form of Lumen's own. */
function exportOf(): string {
  const at = '2026-01-01T00:00:00Z';
  const messages = [{ id: '1', role: 'user', content: SECRETS.question, createdAt: at }];
  const conversations = [{ title: 'A', model: 'fake', createdAt: at, updatedAt: at, messages }];
  return JSON.stringify({ form: 'lumen-conversations-1', conversations });
}

/** While nothing can be written: PostgreSQL quotes the row that it refuses. */
async function brokenStatements(app: TestApp, work: () => Promise<void>): Promise<void> {
  const tables = ['conversation', 'message', 'saved_prompt'];
  for (const table of tables)
    await app.rows(`alter table ${table} add constraint broken check (false) not valid`);
  await work();
  for (const table of tables) await app.rows(`alter table ${table} drop constraint broken`);
}

/** A busy while in which everything goes well and wrong; gives what must not be found afterwards. */
async function busyWhile() {
  const app = await testApp({
    config: ({ url }) => ({
      app: {
        debug: true,
        dev_user: 'dev@example.com',
        secret_key: SECRETS.session,
        encryption_key: SECRETS.encryption,
        previous_encryption_keys: [SECRETS.former],
        logs: { level: 'trace' },
      },
      oauth2: {
        client_id: 'lumen',
        client_secret: SECRETS.client,
        server_metadata_url: 'http://127.0.0.1:9/.well-known/openid-configuration',
      },
      models: [
        {
          name: 'fake',
          input_cost_per_million: 1,
          output_cost_per_million: 2,
          endpoints: [{ url, api_key: SECRETS.upstream, model: 'fake-1' }],
        },
      ],
    }),
  });
  const ada = await app.person();
  const { key } = await ada.withKey();
  const told: string[] = [];
  const asks = async (body: unknown, headers: Record<string, string> = {}) => {
    const response = await post(app, body, { key, headers });
    told.push(await response.text(), JSON.stringify([...response.headers]));
  };
  const body = { ...HELLO, messages: [{ role: 'user', content: SECRETS.question }] };
  const leak = `key ${SECRETS.upstream} at ${app.model.url}`;
  for (const behaviour of [
    answers({ texts: [SECRETS.answer] }),
    refuses(400, leak),
    refuses(401, leak),
    responds(500, leak),
    responds(500, { error: leak }),
    respondsHtml(),
    resetsAfter(),
    resetsAfter('a'),
    streamsText(`data: {"error":{"message":"${leak}"}}\n\n`),
    streamsText(`data: garbage ${leak}\n\n`),
  ]) {
    for (const stream of [false, true]) {
      await expect.poll(async () => (await fetch(`${app.url}/readyz`)).status).toBe(200);
      app.model.answer(behaviour);
      await asks({ ...body, stream });
    }
  }
  app.model.answer(answers({ texts: [SECRETS.answer] }));
  await asks(`{"model": "fake", "${SECRETS.question}`);
  await asks({ ...body, model: 'nothing' }, { cookie: ada.headers.cookie ?? '' });
  for (const [path, text] of Object.entries(MALFORMED)) {
    const headers = { 'content-type': 'application/json', ...ada.headers };
    told.push(await (await fetch(app.url + path, { method: 'POST', headers, body: text })).text());
  }
  const { assistantMessage, conversation } = await ada.says(SECRETS.question);
  await ada.awaits(assistantMessage.id);
  await brokenStatements(app, async () => {
    for (const [operation, more] of Object.entries(WRITES)) {
      const variables = { text: SECRETS.question, id: conversation.id, ...more };
      const refused = await ada.graphql(operation, variables);
      expect(refused.errors?.[0]?.extensions.code, operation).toBe('INTERNAL');
      told.push(JSON.stringify(refused));
    }
  });
  told.push(JSON.stringify(await ada.graphql('{ viewer { apiKeys { id hint } } nonsense }')));
  for (const path of ['/readyz', '/v1/nowhere', '/nowhere.txt', '/login', '/callback?code=x'])
    told.push(await (await fetch(app.url + path, { redirect: 'manual' })).text());
  await fetch(`${app.url}/logout`, { method: 'POST', headers: ada.headers, redirect: 'manual' });
  const wrongKey = `sk_${'canary'.repeat(7)}x`;
  await (await post(app, body, { key: wrongKey })).text();
  const cookie = ada.headers.cookie?.split('=')[1] ?? '';
  const [token = ''] = cookie.split('.');
  const { password } = new URL(app.databaseUrl);
  const digest = createHmac('sha256', SECRETS.encryption).update(key).digest('hex');
  return {
    app,
    told,
    key,
    secrets: { ...SECRETS, key, wrongKey, cookie, token, password, digest },
  };
}

test('R52 after a busy while no secret, and no word of anybody, is in the log', async () => {
  const { app, secrets } = await busyWhile();
  // What model servers said is there, without what is private in it.
  expect(JSON.stringify(app.log)).toContain('answered 500: ');
  for (const [name, secret] of Object.entries(secrets)) {
    if (secret === '') continue;
    const lines = app.log.filter((line) => JSON.stringify(line).includes(secret));
    expect(lines, name).toEqual([]);
  }
});

test('R52 no answer tells a secret of the server’s', async () => {
  const { told, secrets } = await busyWhile();
  const { question: _question, answer: _answer, ...private_ } = secrets;
  for (const [name, secret] of Object.entries(private_)) {
    if (secret === '') continue;
    expect(
      told.filter((text) => text.includes(secret)),
      name,
    ).toEqual([]);
  }
});
