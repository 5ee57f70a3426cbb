import { afterAll, expect, test } from 'vitest';
import { Person, type SentMessage } from '../../support/actors.ts';
import { startApp, testApp } from '../../support/app.ts';
import { answers } from '../../support/fake-model.ts';
import { GRANT } from '../admin/budget-operations.ts';
import { expectCleanBooks } from '../money/audit.ts';

const app = await startApp();
app.model.answer(answers({ texts: ['Hi'], usage: { prompt_tokens: 100, completion_tokens: 50 } }));
afterAll(app.close);

const SEND = `mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) { conversation { id } userMessage { id } assistantMessage { id } }
}`;
const hello = { input: { model: 'fake', content: 'Hello' } };

/** The same person, whose requests all have this key. */
const keyed = ({ url, email, headers }: Person, key: string) =>
  new Person(url, email, { ...headers, 'idempotency-key': key });
const sends = (person: Person, variables: object = hello) =>
  person.graphql<{ sendMessage: SentMessage }>(SEND, variables);

const countsOf = async ({ email }: Person) => {
  const [counts] = await app.rows<{ questions: number; charges: number }>(
    `select (select count(*)::int from message m join conversation c on c.id = m.conversation_id
        where c.owner_id = a.id and m.role = 'user') as questions,
      (select count(*)::int from request_log q where q.account_id = a.id) as charges
    from account a where a.email = $1`,
    email,
  );
  return counts;
};
const keptFor = ({ email }: Person) =>
  app.rows<{ state: string; response: string | null }>(
    'select state, response from idempotency_key where account_id = (select id from account where email = $1)',
    email,
  );

test('R14: a message sent five times at once and again later with one key is one message, asked and paid once', async () => {
  const person = await app.person();
  const ada = keyed(person, 'the same');
  const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => sends(ada)));
  expect(first?.errors).toBeUndefined();
  for (const other of others) expect(other).toEqual(first);
  await person.awaits(first?.data?.sendMessage.assistantMessage.id as string);
  expect(await sends(ada)).toEqual(first);
  expect(await countsOf(person)).toEqual({ questions: 1, charges: 1 });
  expect((await person.pool()).left).toBe(9.8);
  await expectCleanBooks(app);
});

test('R14: the key of one operation is refused for another, and nothing is run', async () => {
  const person = await app.person();
  const ada = keyed(person, 'k');
  await sends(ada);
  const other = await sends(ada, { input: { model: 'fake', content: 'Something else' } });
  expect(other.status).toBe(400);
  expect(other.errors?.[0]?.extensions).toMatchObject({
    code: 'INVALID',
    reason: 'idempotency_key_reused',
  });
  const renamed = await ada.graphql(SEND.replace('mutation Send', 'mutation Ask'), hello);
  expect(renamed.errors?.[0]?.extensions.reason).toBe('idempotency_key_reused');
  expect((await countsOf(person))?.questions).toBe(1);
});

test('another account may use the same key for its own, and never sees the answer of the first', async () => {
  const [ada, bob] = [await app.person(), await app.person()];
  const first = await sends(keyed(ada, 'k'));
  const second = await sends(keyed(bob, 'k'));
  expect(second.errors).toBeUndefined();
  expect(second.data?.sendMessage.userMessage.id).not.toBe(first.data?.sendMessage.userMessage.id);
  expect((await countsOf(bob))?.questions).toBe(1);
});

test('coins that are granted twice with one key are granted once; a new key grants again', async () => {
  const admin = await app.person('dev@example.com');
  const ada = await app.person();
  const variables = { account: { email: ada.email }, amount: '5' };
  const first = await keyed(admin, 'grant').graphql(GRANT, variables);
  expect(await keyed(admin, 'grant').graphql(GRANT, variables)).toEqual(first);
  expect((await ada.pool()).left).toBe(15);
  await keyed(admin, 'grant again').asks(GRANT, variables);
  expect((await ada.pool()).left).toBe(20);
});

test('a refusal is an answer too: it is repeated, and a new key tries again', async () => {
  const ada = await app.person();
  const unknown = { input: { model: 'none such', content: 'Hello' } };
  const first = await sends(keyed(ada, 'k'), unknown);
  expect(first.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  expect(await sends(keyed(ada, 'k'), unknown)).toEqual(first);
});

test('an operation that is refused before it runs does not use its key up', async () => {
  const ada = keyed(await app.person(), 'k');
  const malformed = await ada.graphql('mutation { sendMessage }');
  expect(malformed.errors?.[0]?.extensions.code).toBe('INVALID');
  expect((await sends(ada)).errors).toBeUndefined();
});

test('a secret is shown once: it is not stored, and the repetition makes no second key', async () => {
  const person = await app.person();
  const ada = keyed(person, 'k');
  const query = `mutation { made: createApiKey(name: "laptop") { ...Shown } }
    fragment Shown on CreateApiKeyPayload { told: secret }`;
  const { made } = await ada.asks<{ made: { told: string } }>(query);
  expect(made.told).toMatch(/^sk_/);
  expect(await keptFor(person)).toEqual([{ state: 'done', response: null }]);
  const again = await ada.graphql(query);
  expect(again.status).toBe(409);
  expect(again.errors?.[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    reason: 'idempotency_not_repeatable',
  });
  const { viewer } = await person.asks<{ viewer: { apiKeys: unknown[] } }>(
    '{ viewer { apiKeys { id } } }',
  );
  expect(viewer.apiKeys).toHaveLength(1);
});

test('an answer of more than 64 KB is not kept, and what it answered is not done again', async () => {
  const ada = await app.person();
  const create =
    'mutation ($text: String!) { createPrompt(input: { title: "Long", content: $text }) { content } }';
  const text = '語'.repeat(30_000);
  await keyed(ada, 'k').asks(create, { text });
  const again = await keyed(ada, 'k').graphql(create, { text });
  expect(again.errors?.[0]?.extensions.reason).toBe('idempotency_not_repeatable');
  expect(await ada.asks('{ prompts { title } }')).toEqual({ prompts: [{ title: 'Long' }] });
});

test('an operation whose process died is never run anew with its key', async () => {
  const person = await app.person();
  const ada = keyed(person, 'k');
  await sends(ada);
  await app.rows(
    `update idempotency_key set state = 'running', response = null, created_at = now() - interval '1 hour'
      where account_id = (select id from account where email = $1)`,
    person.email,
  );
  const again = await sends(ada);
  expect(again.status).toBe(409);
  expect(again.errors?.[0]?.extensions).toMatchObject({
    code: 'CONFLICT',
    reason: 'idempotency_in_progress',
  });
  expect((await countsOf(person))?.questions).toBe(1);
});

test('after a day a key is as good as new', async () => {
  const person = await app.person();
  const ada = keyed(person, 'k');
  const first = await sends(ada);
  await app.rows("update idempotency_key set created_at = created_at - interval '25 hours'");
  const second = await sends(ada);
  expect(second.data?.sendMessage.userMessage.id).not.toBe(first.data?.sendMessage.userMessage.id);
  expect(await sends(ada)).toEqual(second);
});

test('a key that is older than a day is swept away, and no other', async () => {
  const [ada, bob] = [await app.person(), await app.person()];
  await sends(keyed(ada, 'old'));
  await sends(keyed(bob, 'new'));
  await app.rows(
    `update idempotency_key set created_at = created_at - interval '25 hours'
      where account_id = (select id from account where email = $1)`,
    ada.email,
  );
  // Every process sweeps as it starts.
  await testApp({ databaseUrl: app.databaseUrl, model: app.model });
  await expect.poll(() => keptFor(ada), { timeout: 10_000 }).toEqual([]);
  expect(await keptFor(bob)).toHaveLength(1);
});

test('queries and visitors have no use for a key', async () => {
  const person = await app.person();
  const ada = keyed(person, 'x'.repeat(300));
  expect(await ada.asks('{ viewer { email } }')).toEqual({ viewer: { email: person.email } });
  expect(await keptFor(person)).toEqual([]);
  const visitor = keyed(new Person(app.url, '', {}), 'k');
  expect((await sends(visitor)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
});

for (const [name, key] of [
  ['none at all', ''],
  ['256 characters', 'x'.repeat(256)],
  ['what is not ASCII', 'clé'],
] as const) {
  test(`a key of ${name} is refused before anything is run`, async () => {
    const person = await app.person();
    const answer = await sends(keyed(person, key));
    expect(answer.status).toBe(400);
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'INVALID',
      param: 'Idempotency-Key',
    });
    expect((await countsOf(person))?.questions).toBe(0);
  });
}

test('the event stream refuses a mutation with a key instead of forgetting the key', async () => {
  const person = await app.person();
  const response = await fetch(`${app.url}/graphql/stream`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      ...keyed(person, 'k').headers,
    },
    body: JSON.stringify({ query: SEND, variables: hello }),
  });
  expect(await response.text()).toContain('"code":"INVALID"');
  expect((await countsOf(person))?.questions).toBe(0);
});
