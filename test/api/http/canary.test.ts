import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
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
  await ada.awaits((await ada.says(SECRETS.question)).assistantMessage.id);
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
