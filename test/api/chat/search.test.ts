import { afterAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';
import { says } from '../../support/fake-model.ts';

const app = await startApp();
afterAll(app.close);

interface Hit {
  readonly messageId: string | null;
  readonly conversation: { readonly id: string; readonly title: string };
  readonly snippet: readonly { readonly text: string; readonly isMatch: boolean }[];
}
interface Found {
  readonly nodes: readonly Hit[];
  readonly next: string | null;
}

const SEARCH = `query ($text: String!, $first: Int! = 20, $after: String) {
  search(text: $text, first: $first, after: $after) {
    nodes { messageId conversation { id title } snippet { text isMatch } } next
  }
}`;
const search = async (person: Person, text: string, more: object = {}): Promise<Found> =>
  (await person.asks<{ search: Found }>(SEARCH, { text, ...more })).search;
const found = async (person: Person, text: string) =>
  (await search(person, text)).nodes.map(({ messageId }) => messageId);
const matches = ({ snippet }: Hit) => snippet.filter((p) => p.isMatch).map(({ text }) => text);

async function asked(person: Person, question: string, answer: string) {
  app.model.answerNext(says(answer));
  const sent = await person.says(question);
  await person.awaits(sent.assistantMessage.id);
  return sent;
}

test('words are found in titles, questions and answers, the last one from its beginning', async () => {
  const ada = await app.person();
  const sent = await asked(ada, 'Tell me of whales', 'The Narwhal has a long tusk.');
  const { conversation, userMessage, assistantMessage } = sent;

  expect(await found(ada, 'whales')).toEqual([null, userMessage.id]);
  expect(await found(ada, 'long narw')).toEqual([assistantMessage.id]);
  expect(await found(ada, 'narw long')).toEqual([]);
  expect(await found(ada, 'walrus')).toEqual([]);
  const [hit] = (await search(ada, 'TUSK')).nodes;
  expect(hit?.conversation).toEqual({ id: conversation.id, title: 'Tell me of whales' });
  expect(hit && matches(hit)).toEqual(['tusk']);
  expect(hit?.snippet.map(({ text }) => text).join('')).toContain('has a long tusk');

  await ada.asks('mutation ($id: ID!) { renameConversation(id: $id, title: "Sea") { id } }', {
    id: conversation.id,
  });
  expect(await found(ada, 'whales')).toEqual([userMessage.id]);
  expect(await found(ada, 'sea')).toEqual([null]);
});

test('every language is searched, and marks of hits are never taken from the text', async () => {
  const ada = await app.person();
  const { assistantMessage } = await asked(
    ada,
    'x',
    'Übergrößenträger 日本語 привет <b>fett</b> \u0002fake\u0003 عربي',
  );
  for (const text of ['übergrößen', '日本', 'ПРИВЕТ', 'عربي', 'fett'])
    expect(await found(ada, text), text).toEqual([assistantMessage.id]);
  const [hit] = (await search(ada, 'fett')).nodes;
  expect(hit && matches(hit)).toEqual(['fett']);
  expect(JSON.stringify(hit)).not.toMatch(/\\u000[23]/);
});

test('R36 R57 nothing is found of others’, nor of what was deleted', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const { conversation } = await asked(ada, 'Xylophone lessons', 'Xylophones are fun');
  expect(await found(eve, 'xylophone')).toEqual([]);
  expect(await found(eve, `@${conversation.id}`)).toEqual([]);
  expect(await found(ada, 'xylophone')).toHaveLength(3);
  const { id } = conversation;
  await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', { id });
  expect(await found(ada, 'xylophone')).toEqual([]);
});

test('R51 no search breaks or finds everything, however odd', async () => {
  const ada = await app.person();
  await asked(ada, "Rock'n'roll & C++ | (a:b) !x", 'Yes');
  const odd = ['', ' ', "'", "''", '\\', ':*', '&', '!', '()', '<->', '%', '@', '\ud800', '\u0000'];
  for (const text of odd) expect(await found(ada, text), text).toEqual([]);
  expect(await found(ada, "rock'n'roll")).toHaveLength(2);
  expect(await found(ada, 'a:b')).toHaveLength(2);
  expect(await found(ada, 'word '.repeat(5_000))).toEqual([]);
  const huge = JSON.stringify(['9'.repeat(30), crypto.randomUUID()]);
  for (const after of ['nonsense', Buffer.from(huge).toString('base64url')])
    expect(await ada.refusal(SEARCH, { text: 'x', after })).toBe('INVALID');
  expect(await ada.refusal(SEARCH, { text: 'x', first: 0 })).toBe('INVALID');
});

test('a word of every message is found in titles first and then in the newest, each once', async () => {
  const ada = await app.person();
  const old = await asked(ada, 'Quokka photographs', 'Smiling quokka');
  const { conversation } = await asked(ada, 'Another', 'One');
  await app.rows(
    `INSERT INTO message (id, conversation_id, role, status, content)
     SELECT ('fffffff0-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, 'assistant', 'finished', 'quokka'
     FROM generate_series(1, 700) n`,
    conversation.id,
  );
  const seen: Hit[] = [];
  let after: string | null = null;
  do {
    const page: Found = await search(ada, 'quokka', { first: 50, after });
    seen.push(...page.nodes);
    after = page.next;
  } while (after !== null);
  const ids = seen.map(({ messageId }) => messageId);
  expect(seen[0]).toMatchObject({ messageId: null, conversation: { id: old.conversation.id } });
  expect(ids[1]).toBe('fffffff0-0000-7000-8000-000000000700');
  expect(ids.length).toBeGreaterThan(400);
  expect(new Set(ids).size).toBe(ids.length);
});

test('pages give each hit once, and a search among 100,000 messages looks at few of them', async () => {
  const ada = await app.person();
  const { conversation } = await asked(ada, 'Seed', 'Grown');
  // Two hundred words' worth of vocabulary; each message has some of them, few have the rare one.
  await app.rows(
    `INSERT INTO message (id, conversation_id, role, status, content)
     SELECT gen_random_uuid(), $1, 'assistant', 'finished',
       'word' || (n * 7 % 200) || ' lorem' || (n * 31 % 997) || ' ipsum dolor sit amet' ||
       CASE WHEN n % 1000 = 0 THEN ' platypus' ELSE '' END
     FROM generate_series(1, 100000) n`,
    conversation.id,
  );
  await app.rows('ANALYZE searched_text');
  const seen: (string | null)[] = [];
  let after: string | null = null;
  do {
    const page: Found = await search(ada, 'platypus', { first: 30, after });
    seen.push(...page.nodes.map(({ messageId }) => messageId));
    after = page.next;
  } while (after !== null);
  expect(seen).toHaveLength(100);
  expect(new Set(seen).size).toBe(100);

  for (const text of [
    'platypus',
    'word17 lorem4',
    'platy',
    'word17',
    'ipsum',
    'ipsum dolor',
    'w',
  ]) {
    const times: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      const from = performance.now();
      await search(ada, text);
      times.push(performance.now() - from);
    }
    // 5 to 40 ms on a quiet machine; to look at all of them takes seconds.
    expect(Math.min(...times), text).toBeLessThan(500);
  }
}, 120_000);
