import { afterAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

const STOP = 'mutation ($id: ID!) { stopMessage(id: $id) { id status content } }';

const stops = (person: Person, id: string) => person.asks(STOP, { id });

test('a stopped answer keeps what was written, pays for it, and leaves the model at once', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada, 'Tell me a long story');
  const reading = ada.reads(id);
  request.says('Once upon a time');
  await ada.readsTo(id, 16);

  const from = performance.now();
  await stops(ada, id);
  await request.closedByClient;
  expect(performance.now() - from).toBeLessThan(1_000);

  const { content, message } = await reading;
  expect(message).toMatchObject({ status: 'STOPPED', content, failure: null, outputTokens: 4 });
  expect(content).toBe('Once upon a time');
  expect(Number(message.cost)).toBeGreaterThan(0);
  expect(await ada.pool()).toEqual({ left: 10 - Number(message.cost), held: 0 });
});

test('an answer that is stopped before its first token costs nothing', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);

  await stops(ada, id);
  await request.closedByClient;

  expect(await ada.awaits(id)).toMatchObject({ status: 'STOPPED', content: '', failure: null });
  expect(await ada.pool()).toEqual({ left: 10, held: 0 });
});

test('stopping again, or what has ended, changes nothing', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  request.says('Half');
  await ada.readsTo(id, 4);
  await Promise.all([stops(ada, id), stops(ada, id), stops(ada, id)]);
  const stopped = await ada.awaits(id);
  const said = await ada.says('And now all of it');
  const finished = await ada.awaits(said.assistantMessage.id);

  await Promise.all([stops(ada, id), stops(ada, finished.id), stops(ada, said.userMessage.id)]);

  expect(await ada.awaits(id)).toEqual(stopped);
  expect(await ada.awaits(finished.id)).toEqual(finished);
});

test('a stop and the end that race leave one state, paid for once', async () => {
  const ada = await app.person();
  const race = async () => {
    const { assistantMessage } = await ada.says('Race');
    await stops(ada, assistantMessage.id);
    return ada.awaits(assistantMessage.id);
  };
  const turns = [];
  // What running answers hold allows four at a time.
  for (let round = 0; round < 8; round += 1)
    turns.push(...(await Promise.all([race(), race(), race(), race()])));

  const spent = turns.reduce((sum, { cost }) => sum + Math.round(Number(cost ?? 0) * 1e6), 0);
  expect(turns.every(({ status }) => status === 'STOPPED' || status === 'FINISHED')).toBe(true);
  const { left, held } = await ada.pool();
  expect([Math.round(left * 1e6), held]).toEqual([10e6 - spent, 0]);
});

test('nobody else can stop an answer', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const { id, request } = await app.turn(ada);

  expect(await eve.refusal(STOP, { id })).toBe('NOT_FOUND');

  request.says('Still here');
  request.finishes();
  expect(await ada.awaits(id)).toMatchObject({ status: 'FINISHED', content: 'Still here' });
});

test('deleting a conversation stops what is answered in it', async () => {
  const ada = await app.person();
  const { id, conversationId, request } = await app.turn(ada);
  const isRefused = expect(ada.reads(id)).rejects.toThrow('NOT_FOUND');
  request.says('Too late');

  await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', { id: conversationId });

  await request.closedByClient;
  await isRefused;
});
