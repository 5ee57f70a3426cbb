// R34: the clock of the machine is set while Lumen runs; the database keeps its own.
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { startApp, testApp } from '../../support/app.ts';
import { says, startFakeModel } from '../../support/fake-model.ts';
import { LumenProcess } from '../../support/lumen-process.ts';
import { freshDatabase } from '../../support/services.ts';
import { expectCleanBooks } from '../money/audit.ts';
import { HELLO, post } from '../v1/client.ts';

const HOUR_MS = 3_600_000;

afterEach(() => vi.useRealTimers());

const setBy = (ms: number) =>
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms, shouldAdvanceTime: true });

test.each([
  ['three hours ahead', 3 * HOUR_MS],
  ['a day back', -24 * HOUR_MS],
])(
  'R34 a clock that is set %s signs nobody out, refills nothing, and bills what runs once',
  async (_how, ms) => {
    const app = await testApp({
      config: {
        groups: {
          default: { max: 10, refresh: 1, starting: 5, model_access: { default: 'allowed' } },
        },
      },
    });
    const ada = await app.person();
    const { createApiKey } = await ada.asks<{ createApiKey: { secret: string } }>(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
      { input: { name: 'an hour', expiresAt: new Date(Date.now() + HOUR_MS) } },
    );
    const { id, request } = await app.turn(ada);

    setBy(ms);

    const { left, held } = await ada.pool();
    expect(left + held).toBeCloseTo(5, 1);
    request.says('Still here');
    request.finishes();
    expect(await ada.awaits(id)).toMatchObject({ status: 'FINISHED', content: 'Still here' });
    app.model.answerNext(says('And on'));
    const key = createApiKey.secret;
    expect((await post(app, HELLO, { key })).status).toBe(200);
    const next = await ada.says('And now?');
    expect(await ada.awaits(next.assistantMessage.id)).toMatchObject({ status: 'FINISHED' });
    expect((await ada.pool()).left).toBeLessThan(5.05);

    vi.useRealTimers();
    const log = await app.rows<{ first: number; whole: number }>(
      'select coalesce(first_token_ms, 0) as first, duration_ms as whole from request_log',
    );
    expect(log).toHaveLength(3);
    for (const { first, whole } of log) {
      expect(first).toBeGreaterThanOrEqual(0);
      expect(whole).toBeGreaterThanOrEqual(first);
      expect(whole).toBeLessThan(HOUR_MS);
    }
    await expectCleanBooks(app);
  },
);

test('R34 what is said at a replica whose clock is five minutes behind comes after what was said before', async () => {
  const shared = { model: await startFakeModel(), databaseUrl: await freshDatabase() };
  onTestFinished(() => shared.model.close());
  const behind = await LumenProcess.start(shared.model, shared.databaseUrl);
  setBy(HOUR_MS / 12);
  const ahead = await startApp(shared);
  onTestFinished(ahead.close);
  const ada = await ahead.person();
  shared.model.answer(says('Yes'));
  const { conversation, assistantMessage } = await ada.says('Are you there?');
  await ada.awaits(assistantMessage.id);

  const later = ada.at(behind.url);
  const next = await later.says('Then go on', { conversationId: conversation.id });
  await later.awaits(next.assistantMessage.id);

  const said = ['Are you there?', 'Yes', 'Then go on'];
  const { messages } = await ada.conversation(conversation.id);
  expect(messages.map(({ content }) => content)).toEqual([...said, 'Yes']);
  const asked = shared.model.requests.map(
    ({ body }) => body as { messages: { content: string }[] },
  );
  const prompts = asked.map((body) => body.messages.map(({ content }) => content));
  expect(prompts.find((prompt) => prompt.includes('Then go on'))).toEqual(said);
}, 60_000);
