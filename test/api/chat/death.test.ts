import { expect, onTestFinished, test, vi } from 'vitest';
import { Person } from '../../support/actors.ts';
import { startApp, testApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { LumenProcess } from '../../support/lumen-process.ts';
import { freshDatabase, runSql } from '../../support/services.ts';

// They start processes from their sources.
vi.setConfig({ testTimeout: 60_000 });

const STORED = 'SELECT content, reasoning FROM message WHERE id = $1';

/** A process in which an answer has come so far that some of it is stored. */
async function streamingProcess() {
  const shared = { model: await startFakeModel(), databaseUrl: await freshDatabase() };
  onTestFinished(() => shared.model.close());
  const lumen = await LumenProcess.start(shared.model, shared.databaseUrl);
  const ada = await Person.signIn(lumen.url, 'ada@example.org');
  const arrival = shared.model.received();
  shared.model.answer(() => undefined);
  const { assistantMessage, conversation } = await ada.says('Tell me something');
  return { shared, lumen, ada, id: assistantMessage.id, conversation, request: await arrival };
}

test('R5: a killed process leaves an answer that the next one marks as interrupted, keeps and settles', async () => {
  const { shared, lumen, ada, id, conversation, request } = await streamingProcess();
  request.says('What was written before the end');
  await ada.readsTo(id, 31);
  const stored = async () => (await ada.conversation(conversation.id)).messages.at(-1)?.content;
  await expect.poll(stored, { timeout: 5_000 }).toBe('What was written before the end');
  // The replica tells with its heartbeat how far its requests have come.
  const counted = async () => (await next.rows('SELECT output_tokens FROM reservation'))[0];
  const next = await startApp(shared);
  onTestFinished(next.close);
  await expect.poll(counted, { timeout: 5_000 }).toEqual({ output_tokens: 8 });

  await lumen.ends('SIGKILL');
  await request.closedByClient;
  await runSql(shared.databaseUrl, "UPDATE replica SET heartbeat_at = now() - interval '1 hour'");
  const third = await startApp(shared);
  onTestFinished(third.close);

  const later = ada.at(third.url);
  const message = await later.awaits(id);
  expect(message).toMatchObject({
    status: 'INTERRUPTED',
    content: 'What was written before the end',
    outputTokens: 8,
  });
  const cost = Number(message.cost);
  expect(cost).toBeGreaterThan(0.016);
  expect(await later.pool()).toEqual({ left: (10e6 - Math.round(cost * 1e6)) / 1e6, held: 0 });
  const log = await third.rows('SELECT outcome, is_estimated FROM request_log WHERE id = $1', id);
  expect(log).toEqual([{ outcome: 'interrupted', is_estimated: true }]);
  expect(await third.rows('SELECT * FROM reservation')).toEqual([]);
});

test('R22: a process that is asked to end lets its answer finish, and ends in good order', async () => {
  const { lumen, ada, id, request } = await streamingProcess();
  request.says('Nearly ');
  const events = ada.watches(id);
  expect((await events.next()).value).toMatchObject({ content: 'Nearly ' });

  const ending = lumen.ends('SIGTERM');
  request.says('there.');
  request.finishes();

  expect((await events.next()).value).toMatchObject({ content: 'there.' });
  expect((await events.next()).value).toMatchObject({
    message: { status: 'FINISHED', content: 'Nearly there.' },
  });
  await events.return();
  expect(await ending).toBe(0);
});

test('an answer is stored as it grows, also past a time without the database', async () => {
  const app = await testApp();
  const ada = await app.person();
  const { id, conversationId, request } = await app.turn(ada);
  const stored = async () =>
    (await app.rows<{ content: string; reasoning: string }>(STORED, id))[0] ?? {};
  request.reasons('Hm 🤔');
  request.says('One 🎉 ');
  await expect.poll(stored, { timeout: 5_000 }).toEqual({ content: 'One 🎉 ', reasoning: 'Hm 🤔' });

  await app.rows('ALTER TABLE message RENAME TO hidden_away');
  request.says('two ');
  const warned = () => app.log.some(({ msg }) => msg === 'answers could not be saved as they grow');
  await expect.poll(warned, { timeout: 5_000 }).toBe(true);
  await app.rows('ALTER TABLE hidden_away RENAME TO message');
  request.says('three');

  const grown = { content: 'One 🎉 two three', reasoning: 'Hm 🤔' };
  await expect.poll(stored, { timeout: 5_000 }).toEqual(grown);
  request.finishes();
  expect(await ada.awaits(id)).toMatchObject({ status: 'FINISHED', ...grown });
  expect((await ada.conversation(conversationId)).isRunning).toBe(false);
});

test('an answer whose end could not be stored is ended later, and its watchers are told', async () => {
  const app = await testApp();
  const ada = await app.person();
  const { id, conversationId, request } = await app.turn(ada);
  request.says('All that was saved');
  const stored = async () => (await app.rows<{ content: string }>(STORED, id))[0]?.content;
  await expect.poll(stored, { timeout: 5_000 }).toBe('All that was saved');

  await app.rows('ALTER TABLE message RENAME TO hidden_away');
  request.finishes();
  const lost = () => app.log.some(({ msg }) => msg === 'the end of a turn could not be stored');
  await expect.poll(lost, { timeout: 5_000 }).toBe(true);
  await app.rows('ALTER TABLE hidden_away RENAME TO message');
  await app.rows("UPDATE message SET created_at = now() - interval '1 minute' WHERE id = $1", id);

  const message = await ada.awaits(id);
  expect(message).toMatchObject({ status: 'INTERRUPTED', content: 'All that was saved' });
  expect(Number(message.cost)).toBeGreaterThan(0);
  expect((await ada.conversation(conversationId)).isRunning).toBe(false);
});
