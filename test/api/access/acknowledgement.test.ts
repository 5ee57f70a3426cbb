import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, testApp } from '../../support/app.ts';
import { type FakeModel, startFakeModel } from '../../support/fake-model.ts';
import { freshDatabase, redisUrl } from '../../support/services.ts';

const prices = { input_cost_per_million: 1, output_cost_per_million: 1 };

const withTerms = (model: FakeModel) => {
  const endpoints = [{ url: model.url, model: 'fake-1' }];
  return {
    models: [
      { name: 'fake', ...prices, needs_ack: true, ack_message: '**Be kind.**', endpoints },
      { name: 'plain', ...prices, endpoints },
      { name: 'standard', ...prices, needs_ack: true, endpoints },
      { name: 'blocked', ...prices, needs_ack: true, access: 'blocked', endpoints },
      { name: 'off', ...prices, needs_ack: true, disabled: true, endpoints },
    ],
    defaults: { models: { ack_message: 'Use is recorded.' } },
  };
};

const MODEL = 'name access acknowledgement isAcknowledged';
const ACKNOWLEDGE = `mutation ($name: String!) { acknowledgeModel(name: $name) { ${MODEL} } }`;
const SEND =
  'mutation ($model: String!) { sendMessage(input: { model: $model, content: "hello" }) { assistantMessage { id } } }';

const acknowledges = (person: Person, name = 'fake') =>
  person.asks<{ acknowledgeModel: object }>(ACKNOWLEDGE, { name });

const accessOf = async (person: Person, name = 'fake') =>
  (
    await person.asks<{ model: { access: string } | null }>(
      'query ($name: String!) { model(name: $name) { access } }',
      { name },
    )
  ).model?.access;

const completes = async (person: Person, url: string, model = 'fake') => {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...person.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello' }] }),
  });
  const { error } = (await response.json()) as { error?: { code: string } };
  return error?.code ?? response.status;
};

const listed = async (person: Person, url: string) => {
  const response = await fetch(`${url}/v1/models`, { headers: person.headers });
  return ((await response.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
};

test('a model with terms is refused at each door until its terms are accepted, and then opens at once', async () => {
  const app = await testApp({ config: withTerms });
  const ada = await app.person();
  const key = await ada.withKey();
  expect(await ada.refusal(SEND, { model: 'fake' })).toBe('ACKNOWLEDGEMENT_NEEDED');
  expect(await completes(key, app.url)).toBe('acknowledgement_required');
  expect(await listed(key, app.url)).toEqual(['plain']);

  expect(await acknowledges(ada)).toEqual({
    acknowledgeModel: {
      name: 'fake',
      access: 'ALLOWED',
      acknowledgement: '**Be kind.**',
      isAcknowledged: true,
    },
  });
  expect(await completes(key, app.url)).toBe(200);
  expect(await listed(key, app.url)).toEqual(['fake', 'plain']);
  expect(await ada.refusal(SEND, { model: 'fake' })).toBeUndefined();
});

test('what was accepted is kept with its time and a digest of the words, once', async () => {
  const app = await testApp({ config: withTerms });
  const ada = await app.person();
  await acknowledges(ada);
  const rows = () =>
    app.rows<{ model: string; text_hash: Buffer; at: Date }>(
      'select * from acknowledgement order by model',
    );
  const [first] = await rows();
  const { model } = await ada.asks<{ model: object }>(
    '{ model(name: "fake") { isAcknowledged acknowledgedAt } }',
  );
  expect(model).toEqual({ isAcknowledged: true, acknowledgedAt: first?.at.toISOString() });
  expect(first?.text_hash).toEqual(createHash('sha256').update('**Be kind.**').digest());
  await acknowledges(ada);
  expect(await rows()).toEqual([first]);
  await acknowledges(ada, 'standard');
  expect((await rows())[1]?.text_hash).toEqual(
    createHash('sha256').update('Use is recorded.').digest(),
  );
});

test('one person’s acknowledgement is nobody else’s', async () => {
  const app = await testApp({ config: withTerms });
  await acknowledges(await app.person());
  expect(await accessOf(await app.person())).toBe('ACKNOWLEDGEMENT_NEEDED');
});

test('only a model that one may know of, and that has terms, can be acknowledged', async () => {
  const app = await testApp({ config: withTerms });
  const ada = await app.person();
  const refused = (name: string) => ada.refusal(ACKNOWLEDGE, { name });
  for (const name of ['nothing', 'blocked', 'off', '', '\u0000'])
    expect(await refused(name), name).toBe('NOT_FOUND');
  expect(await refused('plain')).toBe('INVALID');
  expect(await app.rows('select * from acknowledgement')).toEqual([]);
});

test('api.consent: false exempts programs on /v1, and nobody in the chat', async () => {
  const app = await testApp({
    config: (model) => ({ ...withTerms(model), api: { consent: false } }),
  });
  const ada = await app.person();
  const key = await ada.withKey();
  expect(await completes(key, app.url)).toBe(200);
  expect(await listed(key, app.url)).toEqual(['fake', 'plain', 'standard']);
  expect(await completes(key, app.url, 'blocked')).toBe('model_not_allowed');
  expect(await ada.refusal(SEND, { model: 'fake' })).toBe('ACKNOWLEDGEMENT_NEEDED');
});

test('a window that is open is told what may be done with the model now', async () => {
  const app = await testApp({ config: withTerms });
  const ada = await app.person();
  const seen: unknown[] = [];
  const socket = ada.socket();
  const query = `subscription { viewerEvents { ... on ModelsChanged { models { ${MODEL} } } } }`;
  socket.subscribe<{ viewerEvents: { models?: unknown[] } }>(
    { query },
    {
      next: ({ data }) => seen.push(data?.viewerEvents.models?.[0]),
      error: seen.push,
      complete: () => {},
    },
  );
  // Terms are accepted once: the window must listen by then, which it shows by hearing something else.
  const folder = 'mutation ($name: String!) { createFolder(name: $name) { id } }';
  await expect
    .poll(() => ada.asks(folder, { name: randomUUID() }).then(() => seen.length))
    .toBeGreaterThan(0);
  const { acknowledgeModel } = await acknowledges(ada);
  await expect.poll(() => seen).toContainEqual(acknowledgeModel);
  await socket.dispose();
});

describe.skipIf(!redisUrl())('two replicas', () => {
  test('R40 an acknowledgement holds at once at both, also for a key that was seen before', async () => {
    const model = await startFakeModel();
    const shared = {
      model,
      databaseUrl: await freshDatabase(),
      env: { REDIS_URL: redisUrl() ?? '' },
      config: withTerms,
    };
    const [one, two] = await Promise.all([startApp(shared), startApp(shared)]);
    try {
      const ada = await one.person();
      const key = await ada.withKey();
      for (const { url } of [one, two])
        expect(await completes(key, url)).toBe('acknowledgement_required');
      await acknowledges(ada);
      for (const { url } of [one, two]) expect(await completes(key, url)).toBe(200);
    } finally {
      await Promise.all([one.close(), two.close()]);
      await model.close();
    }
  });
});
