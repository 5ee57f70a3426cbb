import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { waits } from '../../support/fake-model.ts';

const SEND =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { conversation { id } } }';
const DELETE = 'mutation ($id: ID!) { deleteConversation(id: $id) }';
const PURGE = 'mutation ($id: ID!) { purgeConversation(id: $id) }';
const RESTORE = 'mutation ($id: ID!) { restoreConversation(id: $id) { id } }';
const WAITING = `select from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

/** Has whoever writes to the conversation wait, until what this gives is called. */
async function held(app: TestApp, conversationId: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  await client.query('select from conversation where id = $1 for update', [conversationId]);
  return async () => void (await client.query('commit'));
}

const untilWaiting = (app: TestApp, count: number) =>
  expect.poll(async () => (await app.rows(WAITING)).length).toBe(count);

async function begun(person: Person): Promise<string> {
  const { conversation, assistantMessage } = await person.says('First');
  await person.awaits(assistantMessage.id);
  return conversation.id;
}

const streaming = async (app: TestApp, conversationId: string) =>
  (
    await app.rows(
      "select id from message where conversation_id = $1 and status = 'streaming'",
      conversationId,
    )
  ).length;

test('nothing is said in a conversation that is deleted at the same moment', async () => {
  const app = await testApp();
  const ada = await app.person();
  const id = await begun(ada);
  const release = await held(app, id);
  const deleted = ada.asks(DELETE, { id });
  await untilWaiting(app, 1);
  const refusal = ada.refusal(SEND, {
    input: { model: 'fake', content: 'Second', conversationId: id },
  });
  await untilWaiting(app, 2);
  await release();

  await deleted;
  expect(await refusal).toBe('NOT_FOUND');
  expect(await app.rows('select id from message where conversation_id = $1', id)).toHaveLength(2);
});

test('who deletes a conversation stops also what is asked in it at the same moment', async () => {
  const app = await testApp();
  const ada = await app.person();
  const id = await begun(ada);
  const release = await held(app, id);
  app.model.answer(waits());
  const said = ada.says('Second', { conversationId: id });
  await untilWaiting(app, 1);
  const deleted = ada.asks(DELETE, { id });
  await untilWaiting(app, 2);
  await release();

  await Promise.all([said, deleted]);
  await expect.poll(() => streaming(app, id)).toBe(0);
});

test('what is purged at the same moment is not said to be restored', async () => {
  const app = await testApp();
  const ada = await app.person();
  const id = await begun(ada);
  await ada.asks(DELETE, { id });
  const release = await held(app, id);
  const purged = ada.asks(PURGE, { id });
  await untilWaiting(app, 1);
  const refusal = ada.refusal(RESTORE, { id });
  await untilWaiting(app, 2);
  await release();

  await purged;
  expect(await refusal).toBe('NOT_FOUND');
});
