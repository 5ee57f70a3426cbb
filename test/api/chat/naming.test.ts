import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { testApp } from '../../support/app.ts';
import { refuses, says, waits } from '../../support/fake-model.ts';

const open = (titleModel: object = {}) =>
  testApp({
    config: (model) => ({
      chat: { title_model: 'namer' },
      models: ['fake', 'namer'].map((name) => ({
        name,
        input_cost_per_million: 1000,
        output_cost_per_million: 2000,
        max_output_tokens: 1000,
        endpoints: [{ url: model.url, model: 'fake-1' }],
        ...(name === 'namer' ? titleModel : {}),
      })),
    }),
  });

const title = async (person: Person, id: string) => (await person.conversation(id)).title;

/** Begins a conversation; gives its id when it was answered. */
async function begins(person: Person): Promise<string> {
  const { conversation, assistantMessage } = await person.says('how do whales sleep?? tell me');
  await person.awaits(assistantMessage.id);
  return conversation.id;
}

const RENAME = 'mutation ($id: ID!) { renameConversation(id: $id, title: "Mine") { id } }';

test('a model names a conversation after its first answer, paid by who asked', async () => {
  const app = await open();
  const ada = await app.person();
  app.model.answerNext(says('With half a brain.'), says('"Sleep of ', 'whales."\n'));
  const id = await begins(ada);
  await expect.poll(() => title(ada, id)).toBe('Sleep of whales');
  const requests = await app.rows(
    "SELECT model FROM request_log WHERE source = 'chat' AND cost > 0 ORDER BY id",
  );
  expect(requests).toEqual([{ model: 'fake' }, { model: 'namer' }]);
  const heard = JSON.stringify(app.model.requests.at(-1)?.body.messages);
  expect(heard).toContain('whales sleep');
  expect(heard).toContain('half a brain');

  await ada.awaits((await ada.says('More', { conversationId: id })).assistantMessage.id);
  expect(app.model.requests).toHaveLength(3);
});

test('the answer does not wait for its title, and a person’s title stays', async () => {
  const app = await open();
  const ada = await app.person();
  app.model.answerNext(says('Deeply.'), waits());
  const id = await begins(ada);
  const naming = await app.model.received(2);
  await ada.asks(RENAME, { id });
  naming.says('Sleep');
  naming.finishes();
  const settled = () => app.rows("SELECT 1 FROM request_log WHERE model = 'namer'");
  await expect.poll(settled).toHaveLength(1);
  expect(await title(ada, id)).toBe('Mine');
});

const HELD: Record<string, object> = {
  'R38 one that the person may not use': { access: 'blocked' },
  'one whose terms were not accepted': { needs_ack: true, ack_message: 'Be careful.' },
  'one that is switched off': { active: false },
};
for (const [name, over] of Object.entries(HELD)) {
  test(`the first words stay the title when the title model is ${name}`, async () => {
    const app = await open(over);
    const ada = await app.person();
    const id = await begins(ada);
    const noted = () => app.log.some(({ msg }) => msg === 'a conversation got no better title');
    await expect.poll(noted).toBe(true);
    expect(app.model.requests).toHaveLength(1);
    expect(await title(ada, id)).toBe('how do whales sleep?? tell me');
  });
}

test('a title model that fails changes nothing', async () => {
  const app = await open();
  const ada = await app.person();
  app.model.answerNext(says('Deeply.'), refuses(400, 'No'));
  const id = await begins(ada);
  await expect
    .poll(() => app.log.some(({ msg }) => msg === 'a conversation got no better title'))
    .toBe(true);
  expect(await title(ada, id)).toBe('how do whales sleep?? tell me');
});
