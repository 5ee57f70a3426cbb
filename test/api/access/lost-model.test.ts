// Whoever may not use a model any more is cut off from the answer that it is giving, at both doors.
import { expect, onTestFinished, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { configFor, type TestApp, testApp } from '../../support/app.ts';
import { waits } from '../../support/fake-model.ts';
import { DEFAULT_USAGE, type FakeRequest } from '../../support/fake-request.ts';
import { ADD, CREATE, DELETE, REMOVE, UPDATE } from '../group/operations.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';

interface Running {
  readonly messageId: string;
  readonly requests: readonly FakeRequest[];
  /** What /v1 has sent, when it has ended. */
  readonly streamed: Promise<string>;
  readonly whole: Promise<Response>;
  readonly key: string;
}

/** A turn, a streamed and a whole answer on /v1, each of them half way. */
async function begins(app: TestApp, person: Person): Promise<Running> {
  const { key } = await person.withKey();
  const turn = await app.turn(person);
  const next = () => {
    const arrival = app.model.received(app.model.requests.length + 1);
    app.model.answerNext(waits());
    return arrival;
  };
  let arrival = next();
  const response = post(app, { ...HELLO, stream: true }, { key });
  const streaming = await arrival;
  arrival = next();
  const whole = post(app, HELLO, { key });
  const requests = [turn.request, streaming, await arrival];
  for (const request of requests.slice(0, 2)) request.says('Half of it');
  await person.readsTo(turn.id, 10);
  return { messageId: turn.id, requests, streamed: (await response).text(), whole, key };
}

/** All three end with this error, the model servers are let go, and what was sent is paid for. */
async function isCutOff(app: TestApp, person: Person, running: Running, code: string) {
  const { messageId, requests, streamed, whole, key } = running;
  await Promise.all(requests.map((request) => request.closedByClient));
  const text = await streamed;
  expect(text).toMatch(/Half of it/);
  expect(text).toMatch(new RegExp(`"code":"${code}"`));
  expect(text).not.toContain('[DONE]');
  expect((await errorOf(await whole)).code).toBe(code);
  const message = await person.awaits(messageId);
  expect(message).toMatchObject({ status: 'FAILED', content: 'Half of it' });
  expect(message.failure?.message).toMatch(/fake/);
  expect(Number(message.cost)).toBeGreaterThan(0);
  const paid = await app.rows<{ cost: bigint }>(
    `select cost from request_log where outcome = 'failed'
       and account_id = (select id from account where email = $1)`,
    person.email,
  );
  expect(paid).toHaveLength(3);
  expect(paid.filter(({ cost }) => cost > 0n).length).toBeGreaterThanOrEqual(2);
  expect((await errorOf(await post(app, HELLO, { key }))).code).toBe(code);
}

async function isUndisturbed(person: Person, { messageId, requests, streamed, whole }: Running) {
  for (const request of requests.slice(0, 2)) request.finishes();
  requests[2]?.sendsWhole('All of it', '', DEFAULT_USAGE);
  expect(await person.awaits(messageId)).toMatchObject({ status: 'FINISHED' });
  expect(await streamed).toContain('[DONE]');
  expect((await whole).status).toBe(200);
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

const BLOCKED = { default: { max: 10, model_access: { default: 'blocked' } } };
const KEPT = { 'kept@example.org': { model_access: { allowed: ['fake'] } } };

type Sections = Record<string, unknown>;
const model = (app: TestApp, over: Sections): Sections => {
  const [fake] = configFor(app.model).models as Sections[];
  return {
    models: [
      { ...fake, ...over },
      { ...fake, name: 'spare' },
    ],
  };
};

test.each<[string, (app: TestApp) => Sections, string]>([
  ['a group’s default blocks it', () => ({ groups: BLOCKED }), 'model_not_allowed'],
  [
    'a rule for the person blocks it',
    () => ({ users: { 'lost@example.org': { model_access: { blocked: ['fake'] } } } }),
    'model_not_allowed',
  ],
  ['it is disabled', (app) => model(app, { disabled: true }), 'model_not_found'],
  ['it is removed', (app) => model(app, { name: 'another' }), 'model_not_found'],
  [
    'it needs an acknowledgement',
    (app) => model(app, { needs_ack: true }),
    'acknowledgement_required',
  ],
])('R40 a save after which %s cuts running answers off', async (_title, change, code) => {
  const app = await testApp();
  const lost = await app.person('lost@example.org');
  const running = await begins(app, lost);
  const took = await timed(async () => {
    await app.saves(change(app));
    await isCutOff(app, lost, running, code);
  });
  expect(took).toBeLessThan(5_000);
});

test('R40 who may use the model for another reason is not disturbed by a save', async () => {
  const app = await testApp({ config: { users: KEPT } });
  const [lost, kept] = [await app.person('lost@example.org'), await app.person('kept@example.org')];
  const [ending, going] = [await begins(app, lost), await begins(app, kept)];
  await app.saves({ groups: BLOCKED });
  await isCutOff(app, lost, ending, 'model_not_allowed');
  await isUndisturbed(kept, going);
});

test('R40 leaving a group cuts off who had the model by it, and nobody else', async () => {
  const app = await testApp({ config: { groups: BLOCKED } });
  const admin = await app.person('dev@example.com');
  const [ada, bob, eve] = [await app.person(), await app.person(), await app.person()];
  for (const name of ['physics', 'chemistry'])
    await admin.asks(CREATE, { input: { name, access: { allowed: ['fake'] } } });
  const joins = (group: string, { email }: Person) => admin.asks(ADD, { group, email });
  for (const person of [ada, bob, eve]) await joins('physics', person);
  await joins('chemistry', bob);
  const [adas, bobs, eves] = [
    await begins(app, ada),
    await begins(app, bob),
    await begins(app, eve),
  ];
  const took = await timed(async () => {
    for (const { email } of [ada, bob]) await admin.asks(REMOVE, { group: 'physics', email });
    await isCutOff(app, ada, adas, 'model_not_allowed');
  });
  expect(took).toBeLessThan(5_000);
  await isUndisturbed(bob, bobs);
  await isUndisturbed(eve, eves);
});

test.each([
  ['defined anew', UPDATE, { input: { name: 'physics', access: { blocked: ['fake'] } } }],
  [
    'switched off',
    UPDATE,
    { input: { name: 'physics', access: { allowed: ['fake'] }, isActive: false } },
  ],
  ['deleted', DELETE, { name: 'physics' }],
])(
  'R40 a group that is %s cuts off who had the model by it',
  async (_title, mutation, variables) => {
    const app = await testApp({ config: { groups: BLOCKED } });
    const admin = await app.person('dev@example.com');
    const ada = await app.person();
    await admin.asks(CREATE, { input: { name: 'physics', access: { allowed: ['fake'] } } });
    await admin.asks(ADD, { group: 'physics', email: ada.email });
    const running = await begins(app, ada);
    const took = await timed(async () => {
      await admin.asks(mutation, variables);
      await isCutOff(app, ada, running, 'model_not_allowed');
    });
    expect(took).toBeLessThan(5_000);
  },
);

test('R40 access that was lost while the request was still being sent opens nothing', async () => {
  const app = await testApp();
  const ada = await app.person();
  const { key } = await ada.withKey();
  const held = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array>({
    async start(stream) {
      stream.enqueue(new TextEncoder().encode('{"model":"fake",'));
      await held.promise;
      stream.enqueue(new TextEncoder().encode('"messages":[{"role":"user","content":"Hello"}]}'));
      stream.close();
    },
  });
  app.model.answer(waits());
  const response = fetch(`${app.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body,
    duplex: 'half',
  } as RequestInit);
  onTestFinished(() => held.resolve());
  await app.saves({ groups: BLOCKED });
  await expect
    .poll(() =>
      ada.refusal(
        'mutation { sendMessage(input: { model: "fake", content: "x" }) { conversation { id } } }',
      ),
    )
    .toBe('FORBIDDEN');
  held.resolve();
  expect((await errorOf(await response)).code).toBe('model_not_allowed');
});
