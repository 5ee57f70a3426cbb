import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';

const LIST = `query ($after: String) {
  conversations(first: 50, after: $after) { nodes { id title updatedAt isRunning } next }
}`;
const RENAME =
  'mutation ($id: ID!, $title: String!) { renameConversation(id: $id, title: $title) { id } }';

interface Page {
  readonly conversations: { readonly nodes: readonly object[]; readonly next: string | null };
}

test('R60 an account that has a thousand conversations and ten thousand messages is as quick as others', async () => {
  const app = await testApp();
  const [ada, bob] = [await app.person(), await app.person()];
  const { conversation, assistantMessage } = await ada.says('One of my own');
  await ada.awaits(assistantMessage.id);
  expect(await ada.refusal(RENAME, { id: conversation.id, title: 'x'.repeat(100_000) })).toBe(
    'TOO_LARGE',
  );
  await app.rows(
    `with made as (
      insert into conversation (id, owner_id, title, model, created_at, updated_at, settings)
      select gen_random_uuid(), owner_id, repeat('title ', 50) || n, model,
        created_at - n * interval '1 minute', updated_at - n * interval '1 minute', settings
      from conversation, generate_series(1, 1000) n where id = $1 returning id)
    insert into message (id, conversation_id, role, status, content)
    select gen_random_uuid(), id, 'assistant', 'finished', repeat('text ', 100) from made, generate_series(1, 10)`,
    conversation.id,
  );

  const times: number[] = [];
  let seen = 0;
  let after: string | null = null;
  do {
    const from = performance.now();
    const { conversations }: Page = await ada.asks<Page>(LIST, { after });
    times.push(performance.now() - from);
    seen += conversations.nodes.length;
    after = conversations.next;
  } while (after !== null);
  expect(seen).toBe(1_001);
  const p95 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
  expect(p95).toBeLessThan(200);

  expect((await bob.asks<Page>(LIST)).conversations.nodes).toEqual([]);
  const more = await ada.says('Go on', { conversationId: conversation.id });
  expect(await ada.awaits(more.assistantMessage.id)).toMatchObject({ status: 'FINISHED' });
});
