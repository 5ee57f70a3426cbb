import { describe, expect, onTestFinished, test } from 'vitest';
import { startApp, type TestApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { freshDatabase, redisUrl } from '../../support/services.ts';
import { ADD, CREATE, REMOVE } from '../group/operations.ts';
import { errorOf, HELLO, post } from '../v1/client.ts';

const groups = { default: { max: 10, model_access: { default: 'blocked' } } };

describe.skipIf(!redisUrl())('two replicas', () => {
  test('R40 who is taken out of a group at one loses the model at the other at once', async () => {
    const model = await startFakeModel();
    const shared = {
      model,
      databaseUrl: await freshDatabase(),
      config: { groups },
      env: { REDIS_URL: redisUrl() ?? '' },
    };
    const [one, two]: TestApp[] = await Promise.all([startApp(shared), startApp(shared)]);
    if (!one || !two) throw new Error('two were started');
    onTestFinished(async () => {
      await Promise.all([one.close(), two.close()]);
      await model.close();
    });
    const admin = await one.person('dev@example.com');
    const ada = await two.person();
    const member = { group: 'physics', email: ada.email };
    await admin.asks(CREATE, { input: { name: 'physics', access: { allowed: ['fake'] } } });
    await admin.asks(ADD, member);
    const { key } = await ada.withKey();
    const mayAsk = async () =>
      (await ada.asks<{ models: object[] }>('{ models { name } }')).models.length;
    await expect.poll(mayAsk).toBe(1);
    const { id, request } = await two.turn(ada);
    request.says('Half');
    await ada.readsTo(id, 4);
    const from = performance.now();
    await admin.asks(REMOVE, member);
    await request.closedByClient;
    expect(await ada.awaits(id)).toMatchObject({ status: 'FAILED', content: 'Half' });
    expect((await errorOf(await post(two, HELLO, { key }))).code).toBe('model_not_allowed');
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});
