import { expect, onTestFinished, test, vi } from 'vitest';
import { Person } from '../../support/actors.ts';
import { testApp } from '../../support/app.ts';
import { startFakeModel, waits } from '../../support/fake-model.ts';
import { LumenProcess } from '../../support/lumen-process.ts';
import { freshDatabase, runSql } from '../../support/services.ts';
import { HELLO, post } from '../v1/client.ts';
import { expectCleanBooks } from './audit.ts';

// It starts a process from its sources.
vi.setConfig({ testTimeout: 60_000 });

test('R5 a process killed in the middle of its streams: the next one bills each for what it had said, and serves', async () => {
  const shared = { model: await startFakeModel(), databaseUrl: await freshDatabase() };
  onTestFinished(() => shared.model.close());
  const lumen = await LumenProcess.start(shared.model, shared.databaseUrl);
  const ada = await Person.signIn(lumen.url, 'ada@example.org');
  const { key } = await ada.withKey();
  shared.model.answer(waits());
  const answers = await Promise.all(
    [1, 2, 3].map(async (nth) => {
      const arrival = shared.model.received(nth);
      const answer = post(lumen, { ...HELLO, max_tokens: 100, stream: true }, { key });
      await (await arrival).delivers('x'.repeat(40));
      return answer;
    }),
  );
  const next = await testApp(shared);
  const produced = () => next.rows('select output_tokens from reservation');
  await expect.poll(produced, { timeout: 5_000 }).toEqual(Array(3).fill({ output_tokens: 10 }));

  await lumen.ends('SIGKILL');
  for (const answer of answers) await expect(answer.text()).rejects.toThrow();
  await runSql(shared.databaseUrl, "update replica set heartbeat_at = now() - interval '1 hour'");
  const third = await testApp(shared);
  await expect.poll(() => third.rows('select from reservation'), { timeout: 10_000 }).toEqual([]);
  const bills = await third.rows('select output_tokens, outcome, is_estimated from request_log');
  const bill = { output_tokens: 10, outcome: 'interrupted', is_estimated: true };
  expect(bills).toEqual(Array(3).fill(bill));
  await expectCleanBooks(third);

  shared.model.answer((request) => request.finishes());
  expect((await post(third, { ...HELLO, stream: true }, { key })).status).toBe(200);
});
