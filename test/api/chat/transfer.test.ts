import { afterAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';
import { says } from '../../support/fake-model.ts';

const app = await startApp();
afterAll(app.close);

const EXPORT =
  'query ($id: ID!, $format: ExportFormat!) { text: exportConversation(id: $id, format: $format) }';
const IMPORT = 'mutation ($file: String!) { count: importConversations(file: $file) }';
const LIST = '{ conversations { nodes { id title activeMessageId settings { temperature } } } }';
const ALL = `query ($first: Int! = 20, $after: String) {
  exportConversations(format: JSON, first: $first, after: $after) { text next }
}`;

const exported = async (person: Person, id: string, format: string): Promise<string> =>
  (await person.asks<{ text: string }>(EXPORT, { id, format })).text;
const imports = async (person: Person, file: unknown): Promise<number> =>
  (await person.asks<{ count: number }>(IMPORT, { file: JSON.stringify(file) })).count;
const list = async (person: Person) =>
  (await person.asks<{ conversations: { nodes: { id: string; title: string }[] } }>(LIST))
    .conversations.nodes;

async function asked(person: Person, question: string, answer: string, more = {}) {
  app.model.answerNext(says(answer));
  const sent = await person.says(question, more);
  await person.awaits(sent.assistantMessage.id);
  return sent;
}

test('a conversation is exported as Markdown: the branch that is shown', async () => {
  const ada = await app.person();
  const first = await asked(ada, 'Is *this* one?', 'Yes, **it** is.');
  const conversationId = first.conversation.id;
  const parentId = first.assistantMessage.id;
  await asked(ada, 'Left', 'L', { conversationId, parentId });
  await asked(ada, 'Right', 'R', { conversationId, parentId });
  const text = await exported(ada, conversationId, 'MARKDOWN');
  expect(text.replace(/\d{4}-\d\d-\d\d/, 'DAY')).toBe(
    '# Is \\*this\\* one?\n\nDAY\n\n## You\n\nIs *this* one?\n\n## fake\n\nYes, **it** is.\n\n## You\n\nRight\n\n## fake\n\nR\n',
  );
});

test('what is exported as JSON can be imported by somebody else, tree and all', async () => {
  const [ada, bob] = [await app.person(), await app.person()];
  const first = await asked(ada, 'Root \u{1f333}', 'Yes');
  const conversationId = first.conversation.id;
  await asked(ada, 'Left', 'L', { conversationId });
  await asked(ada, 'Right', 'R', { conversationId, parentId: first.assistantMessage.id });
  await asked(ada, 'Another', 'One');
  const texts: string[] = [];
  let after: string | null = null;
  do {
    const page: { exportConversations: { text: string; next: string | null } } = await ada.asks(
      ALL,
      { first: 1, after },
    );
    texts.push(page.exportConversations.text);
    after = page.exportConversations.next;
  } while (after !== null);
  expect(texts).toHaveLength(2);
  for (const text of texts) expect(await imports(bob, JSON.parse(text))).toBe(1);

  const shape = async (person: Person) =>
    Promise.all(
      (await list(person)).map(async ({ id, title }) => {
        const { messages } = await person.conversation(id);
        const at = new Map(messages.map((message, n) => [message.id, n]));
        return [title, messages.map((m) => [at.get(m.parentId ?? ''), m.role, m.content])];
      }),
    );
  expect(await shape(bob)).toEqual(await shape(ada));
  const [newest] = await list(bob);
  const on = await asked(bob, 'On', 'OK', { conversationId: newest?.id ?? '' });
  expect(on.assistantMessage.id).toBeTruthy();
});

const CHATGPT = [
  {
    title: 'Whales',
    create_time: 1_700_000_000.5,
    update_time: 1_700_000_100,
    current_node: 'd',
    default_model_slug: 'gpt-4',
    mapping: {
      root: { id: 'root', message: null, parent: null, children: ['s'] },
      s: {
        id: 's',
        parent: 'root',
        message: { author: { role: 'system' }, content: { content_type: 'text', parts: ['Be'] } },
      },
      a: {
        id: 'a',
        parent: 's',
        message: {
          author: { role: 'user' },
          create_time: 1_700_000_001,
          content: { content_type: 'text', parts: ['What is\u0000 a whale?'] },
        },
      },
      d: {
        id: 'd',
        parent: 't',
        message: {
          author: { role: 'assistant' },
          content: { content_type: 'text', parts: ['A mammal.', { asset: 1 }] },
          metadata: { model_slug: 'gpt-4o' },
        },
      },
      t: {
        id: 't',
        parent: 'a',
        message: { author: { role: 'tool' }, content: { content_type: 'code', text: 'x' } },
      },
    },
  },
];

test('an export of ChatGPT’s is imported: what people and models said, in its order and time', async () => {
  const ada = await app.person();
  expect(await imports(ada, CHATGPT)).toBe(1);
  const [{ id, title } = { id: '', title: '' }] = await list(ada);
  expect(title).toBe('Whales');
  const { messages } = await ada.conversation(id);
  expect(messages).toMatchObject([
    { role: 'USER', content: 'What is\ufffd a whale?', parentId: null },
    { role: 'ASSISTANT', content: 'A mammal.', parentId: messages[0]?.id, status: 'FINISHED' },
  ]);
});

test('what was imported is not imported again while it is there, whatever it is called now', async () => {
  const ada = await app.person();
  const [whales] = CHATGPT;
  const seals = { ...whales, mapping: { ...whales?.mapping, a: { ...whales?.mapping.a } } };
  seals.mapping.a = {
    ...seals.mapping.a,
    message: { author: { role: 'user' }, content: { content_type: 'text', parts: ['A seal?'] } },
  } as never;
  expect(await imports(ada, [whales, whales])).toBe(1);
  expect(await imports(ada, [{ ...whales, title: 'Renamed' }, seals])).toBe(1);
  expect(await Promise.all([1, 2].map(() => imports(ada, [seals, whales])))).toEqual([0, 0]);
  const [first, second] = await list(ada);
  for (const one of [first, second])
    expect((await ada.conversation(one?.id ?? '')).messages).toHaveLength(2);
  await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', { id: first?.id });
  expect(await imports(ada, [seals, whales])).toBe(1);
  expect(await imports(await app.person(), [seals, whales])).toBe(2);
});

const said = { id: 'a', role: 'user', content: 'x', createdAt: '2026-01-01T00:00:00Z' };
const one = (over: object) => ({
  form: 'lumen-conversations-1',
  conversations: [
    {
      title: 'Good',
      model: 'm',
      createdAt: said.createdAt,
      updatedAt: said.createdAt,
      messages: [said],
    },
    {
      title: 'Bad',
      model: 'm',
      createdAt: said.createdAt,
      updatedAt: said.createdAt,
      messages: [said],
      ...over,
    },
  ],
});
const BAD: Record<string, unknown> = {
  'of nothing': null,
  'of a number': 7,
  'of another form': { form: 'other', conversations: [] },
  'that is empty': [],
  'with a parent that is nowhere': one({ messages: [{ ...said, parentId: 'z' }] }),
  'with a circle': one({
    messages: [
      { ...said, parentId: 'b' },
      { ...said, id: 'b', parentId: 'a' },
    ],
  }),
  'with a strange role': one({ messages: [{ ...said, role: 'system' }] }),
  'with a strange time': one({ createdAt: 'yesterday' }),
  'with impossible settings': one({ settings: { temperature: 9 } }),
  'of ChatGPT’s with a broken node': [{ ...CHATGPT[0], mapping: { a: 7 } }],
};

test('a file that is not right in every part is not imported in any', async () => {
  const ada = await app.person();
  for (const [name, file] of Object.entries(BAD))
    expect(await ada.refusal(IMPORT, { file: JSON.stringify(file) }), name).toBe('INVALID');
  expect(await ada.refusal(IMPORT, { file: 'not JSON' })).toBe('INVALID');
  expect(await list(ada)).toEqual([]);
});

test('R36 nobody exports what is somebody else’s', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const { conversation } = await asked(ada, 'Mine', 'Yours');
  expect(await eve.refusal(EXPORT, { id: conversation.id, format: 'JSON' })).toBe('NOT_FOUND');
  expect(await eve.refusal(ALL, { first: 51 })).toBe('INVALID');
});

test('an imported answer to nothing is not answered again, and nothing is begun', async () => {
  const ada = await app.person();
  await imports(ada, one({ messages: [{ ...said, role: 'assistant' }] }));
  const [answer] = await app.rows<{ id: string; conversation: string }>(
    `select m.id, c.id as conversation from message m join conversation c on c.id = m.conversation_id
    where m.role = 'assistant' and m.parent_id is null and c.title = 'Bad'`,
  );
  for (const operation of ['regenerateAnswer', 'continueAnswer']) {
    const again = `mutation ($id: ID!) { ${operation}(id: $id) { assistantMessage { id } } }`;
    expect(await ada.refusal(again, { id: answer?.id }), operation).toBe('INVALID');
  }
  const { isRunning, messages } = await ada.conversation(answer?.conversation ?? '');
  expect([isRunning, messages.length]).toEqual([false, 1]);
});

test('times before all calendars are imported as the first that there is', async () => {
  const ada = await app.person();
  const createdAt = '0000-01-01T00:00:00Z';
  const file = one({
    createdAt,
    updatedAt: createdAt,
    messages: [{ ...said, id: 'old', createdAt }],
  });
  expect(await imports(ada, file)).toBe(2);
});

test('a file of ChatGPT’s that is all detours or all branches holds up nobody', async () => {
  const ada = await app.person();
  const user = { author: { role: 'user' }, content: { parts: ['x'] } };
  const detours = Array.from({ length: 40_000 }, (_, at) => [`s${at}`, { parent: `s${at - 1}` }]);
  const spoken = Array.from({ length: 4_000 }, (_, at) => [
    `m${at}`,
    { parent: 's39999', message: user },
  ]);
  const from = performance.now();
  expect(await imports(ada, [{ mapping: Object.fromEntries([...detours, ...spoken]) }])).toBe(1);
  const branches = Array.from({ length: 130_000 }, (_, at) => [at + 1, { parent: '0' }]);
  const root = { message: user };
  expect(await imports(ada, [{ mapping: Object.fromEntries([['0', root], ...branches]) }])).toBe(1);
  expect(performance.now() - from).toBeLessThan(20_000);
});
