import { afterAll, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp({
  config: {
    groups: {
      default: { max: 10, refresh: 0, starting: 10, model_access: { default: 'allowed' } },
      lab: { max: 10, refresh: 0, starting: 10 },
    },
    users: {
      'ada@example.org': { groups: ['lab'] },
      'bob@example.org': { groups: ['lab'] },
    },
  },
});
afterAll(app.close);

const PROMPTS = '{ prompts { id title content groupName isOwn } }';
const CREATE = 'mutation ($input: PromptInput!) { createPrompt(input: $input) { id } }';
const UPDATE =
  'mutation ($id: ID!, $input: PromptInput!) { updatePrompt(id: $id, input: $input) { title content groupName } }';
const DELETE = 'mutation ($id: ID!) { deletePrompt(id: $id) }';

const titles = async (person: Person) =>
  (await person.asks<{ prompts: { title: string }[] }>(PROMPTS)).prompts.map(({ title }) => title);
const create = async (person: Person, input: object): Promise<string> =>
  (await person.asks<{ createPrompt: { id: string } }>(CREATE, { input })).createPrompt.id;

test('a prompt is its owner’s alone until it is shared, and then its group’s to use', async () => {
  const ada = await app.person('ada@example.org');
  const bob = await app.person('bob@example.org');
  const eve = await app.person('eve@example.org');
  const input = { title: 'Proofread', content: 'Find the mistakes:' };
  const id = await create(ada, input);
  expect(await titles(ada)).toEqual(['Proofread']);
  expect(await titles(bob)).toEqual([]);

  await ada.asks(UPDATE, { id, input: { ...input, groupName: 'lab' } });
  expect(await bob.asks(PROMPTS)).toEqual({
    prompts: [{ id, ...input, groupName: 'lab', isOwn: false }],
  });
  expect(await titles(eve)).toEqual([]);
  for (const other of [bob, eve]) {
    expect(await other.refusal(UPDATE, { id, input })).toBe('NOT_FOUND');
    expect(await other.refusal(DELETE, { id })).toBe('NOT_FOUND');
  }
  await ada.asks(DELETE, { id });
  expect(await titles(bob)).toEqual([]);
});

test('everybody is told the groups that they can share a prompt with', async () => {
  const groups = async (email: string) => (await app.person(email)).asks('{ viewer { groups } }');
  expect(await groups('ada@example.org')).toEqual({ viewer: { groups: ['default', 'lab'] } });
  expect(await groups('eve@example.org')).toEqual({ viewer: { groups: ['default'] } });
});

test('prompts are shared only with groups that one is in, and are neither empty nor endless', async () => {
  const eve = await app.person();
  const refusal = (input: object) => eve.refusal(CREATE, { input });
  expect(await refusal({ title: 'A', content: 'B', groupName: 'lab' })).toBe('NOT_FOUND');
  expect(await refusal({ title: 'A', content: 'B', groupName: 'nowhere' })).toBe('NOT_FOUND');
  expect(await refusal({ title: ' ', content: 'B' })).toBe('INVALID');
  expect(await refusal({ title: 'A', content: ' \n' })).toBe('INVALID');
  expect(await refusal({ title: 'x'.repeat(101), content: 'B' })).toBe('TOO_LARGE');
  expect(await refusal({ title: 'A', content: 'x'.repeat(32_001) })).toBe('TOO_LARGE');
});

test('one’s own prompts are listed, however many others share', async () => {
  const ada = await app.person('ada@example.org');
  const bob = await app.person('bob@example.org');
  await create(ada, { title: 'zz mine', content: 'Mine' });
  await create(bob, { title: 'bob’s', content: 'Shared', groupName: 'lab' });
  await app.rows(`insert into saved_prompt (id, owner_id, title, content, group_name, created_at, updated_at)
    select gen_random_uuid(), owner_id, 'a ' || n, content, group_name, created_at, updated_at
    from saved_prompt, generate_series(1, 600) n where title = 'bob’s'`);
  const listed = await titles(ada);
  expect(listed).toHaveLength(501);
  expect(listed.at(-1)).toBe('zz mine');
});
