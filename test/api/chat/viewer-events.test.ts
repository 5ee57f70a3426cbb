import type { Client } from 'graphql-ws';
import { afterAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

const EVENTS = `subscription { viewerEvents {
  __typename
  ... on ConversationChanged { conversation { id title isRunning isPinned } }
  ... on ConversationDeleted { id }
  ... on MessageChanged { message { id status content } }
  ... on FoldersChanged { folders { name } }
  ... on PromptsChanged { prompts { title } }
  ... on PoolChanged { viewer { email pool { left } } }
} }`;

interface ViewerEvent {
  readonly __typename: string;
  readonly id?: string;
  readonly conversation?: { readonly id: string; readonly title: string };
  readonly message?: { readonly id: string; readonly status: string; readonly content: string };
  readonly viewer?: { readonly email: string; readonly pool: { readonly left: string } };
}

/** A window of somebody's that notes what it is told. */
class Window {
  readonly seen: ViewerEvent[] = [];
  readonly #socket: Client;

  constructor(person: Person) {
    this.#socket = person.socket();
    this.#socket.subscribe<{ viewerEvents: ViewerEvent }>(
      { query: EVENTS },
      {
        next: ({ data }) => data && this.seen.push(data.viewerEvents),
        error: () => {},
        complete: () => {},
      },
    );
  }

  /** Waits for an event that has this in it. */
  async sees(event: object): Promise<void> {
    await expect
      .poll(() => this.seen, { interval: 10 })
      .toContainEqual(expect.objectContaining(event));
  }

  /** Has it renamed until that is told: from then on nothing is missed. */
  async opens(person: Person, conversationId: string): Promise<this> {
    await expect
      .poll(
        async () => {
          await person.asks(RENAME, { id: conversationId, title: 'Listening' });
          return this.seen.length;
        },
        { interval: 20 },
      )
      .toBeGreaterThan(0);
    return this;
  }

  async close(): Promise<void> {
    await this.#socket.dispose();
  }
}

const RENAME =
  'mutation ($id: ID!, $title: String!) { renameConversation(id: $id, title: $title) { id } }';

async function openWindow(person: Person): Promise<Window> {
  const { conversation, assistantMessage } = await person.says('Before');
  await person.awaits(assistantMessage.id);
  return new Window(person).opens(person, conversation.id);
}

test('everything that changes is told in the other windows of the same person', async () => {
  const ada = await app.person();
  const window = await openWindow(await ada.withKey());

  const { id, conversationId, request } = await app.turn(ada, 'Hello there');
  await window.sees({
    __typename: 'ConversationChanged',
    conversation: { id: conversationId, title: 'Hello there', isRunning: true, isPinned: false },
  });
  await window.sees({ message: expect.objectContaining({ content: 'Hello there' }) });
  await window.sees({ message: { id, status: 'STREAMING', content: '' } });
  request.says('Hi');
  request.finishes();
  await window.sees({ message: { id, status: 'FINISHED', content: 'Hi' } });
  await window.sees({
    viewer: { email: ada.email, pool: { left: String((await ada.pool()).left) } },
  });
  await ada.asks(RENAME, { id: conversationId, title: 'Renamed' });
  await window.sees({
    conversation: { id: conversationId, title: 'Renamed', isRunning: false, isPinned: false },
  });
  await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', { id: conversationId });
  await window.sees({ __typename: 'ConversationDeleted', id: conversationId });
  await window.close();
});

test('what is put in order, kept, rated and brought back is told as well', async () => {
  const ada = await app.person();
  const window = await openWindow(ada);
  const { conversation, assistantMessage } = await ada.says('Order');
  await ada.awaits(assistantMessage.id);
  const { id } = conversation;
  await ada.asks('mutation ($id: ID!) { pinConversation(id: $id) { id } }', { id });
  await window.sees({ conversation: expect.objectContaining({ id, isPinned: true }) });
  await ada.asks('mutation { createFolder(name: "Thesis") { id } }');
  await window.sees({ folders: [{ name: 'Thesis' }] });
  await ada.asks('mutation { createPrompt(input: { title: "T", content: "C" }) { id } }');
  await window.sees({ prompts: [{ title: 'T' }] });
  const before = window.seen.length;
  await ada.asks('mutation ($id: ID!) { rateMessage(id: $id, rating: UP) { id } }', {
    id: assistantMessage.id,
  });
  await expect
    .poll(() => window.seen.slice(before).map(({ message }) => message?.id))
    .toContain(assistantMessage.id);
  await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', { id });
  await window.sees({ __typename: 'ConversationDeleted', id });
  const gone = window.seen.length;
  await ada.asks('mutation ($id: ID!) { restoreConversation(id: $id) { id } }', { id });
  await expect
    .poll(() => window.seen.slice(gone).map((event) => event.conversation?.id))
    .toContain(id);
  await window.close();
});

test('nothing of it is told to anybody else', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const [own, foreign] = [await openWindow(ada), await openWindow(eve)];
  const before = foreign.seen.length;

  const { id, conversationId, request } = await app.turn(ada, 'Private');
  request.says('Secret');
  request.finishes();
  await own.sees({ message: { id, status: 'FINISHED', content: 'Secret' } });
  await ada.asks(RENAME, { id: conversationId, title: 'Renamed' });
  await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', { id: conversationId });
  await own.sees({ __typename: 'ConversationDeleted' });
  // What is told to her next comes after whatever could have leaked.
  const last = await eve.says('Mine');
  await foreign.sees({ conversation: expect.objectContaining({ id: last.conversation.id }) });
  await eve.awaits(last.assistantMessage.id);

  const told = foreign.seen.slice(before);
  expect(JSON.stringify(told)).not.toMatch(/Private|Secret|Renamed/);
  expect(JSON.stringify(told)).not.toContain(conversationId);
  expect(
    told.filter(({ viewer }) => viewer).every(({ viewer }) => viewer?.email === eve.email),
  ).toBe(true);
  await Promise.all([own.close(), foreign.close()]);
});
