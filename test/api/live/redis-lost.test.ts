import { describe, expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { findOnPath } from '../../support/programs.ts';
import { freshDatabase } from '../../support/services.ts';
import { silentWay } from '../../support/silent-way.ts';
import { PrivateRedis } from './private-redis.ts';

const EVENTS = `subscription { viewerEvents {
  __typename ... on MessageChanged { message { id status } }
} }`;

/** Two replicas over a Redis that can be lost, and somebody at each. */
async function twoReplicas() {
  const redis = await PrivateRedis.start();
  const shared = {
    model: await startFakeModel(),
    databaseUrl: await freshDatabase(),
    env: { REDIS_URL: redis.url },
  };
  const [one, two] = await Promise.all([startApp(shared), startApp(shared)]);
  onTestFinished(async () => {
    await Promise.all([one.close(), two.close()]);
    await shared.model.close();
  });
  const ada = await one.person();
  return { redis, one, ada, there: ada.at(two.url) };
}

describe.skipIf(!findOnPath('redis-server'))('R30: without Redis', () => {
  test('an answer ends, and who watches it elsewhere gets the whole of it', async () => {
    const { redis, one, ada, there } = await twoReplicas();
    const { id, request } = await one.turn(ada);
    request.says('Before, ');
    const watching = there.reads(id);
    await there.readsTo(id, 8);

    await redis.kill();
    request.says('after, ');
    await ada.readsTo(id, 15);
    const comingLater = there.reads(id, 4);
    request.says('and the end.');
    request.finishes();

    const content = 'Before, after, and the end.';
    expect(await ada.awaits(id)).toMatchObject({ status: 'FINISHED', content });
    expect(await watching).toMatchObject({ content, message: { status: 'FINISHED' } });
    expect((await comingLater).content).toBe(content.slice(4));
  });

  test('an answer that runs while Redis starts again is watched elsewhere without a gap', async () => {
    const { redis, one, ada, there } = await twoReplicas();
    const { id, request } = await one.turn(ada);
    request.says('Before, ');
    const watching = there.reads(id);
    await there.readsTo(id, 8);

    await redis.kill();
    request.says('meanwhile, ');
    await ada.readsTo(id, 19);
    await redis.start();
    const ready = async () => (await fetch(`${one.url}/readyz`)).json();
    await expect.poll(ready, { timeout: 10_000 }).toMatchObject({ redis: { ok: true } });
    request.says('after.');
    expect(await there.readsTo(id, 25, 8)).toBe('meanwhile, after.');
    request.finishes();

    const content = 'Before, meanwhile, after.';
    expect(await watching).toMatchObject({ content, message: { status: 'FINISHED', content } });
  });

  test('that does not answer any more, answers are written and read, and Lumen ends in time', async () => {
    const redis = await PrivateRedis.start();
    const way = await silentWay(redis.url);
    const app = await startApp({ env: { REDIS_URL: way.url } });
    const ada = await app.person();
    way.fallSilent();
    const { assistantMessage } = await ada.says('Still there?');
    expect(await ada.awaits(assistantMessage.id)).toMatchObject({ status: 'FINISHED' });
    const started = performance.now();
    await app.close();
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('an answer is stopped from elsewhere, and who watches the account there hears of it', async () => {
    const { redis, one, ada, there } = await twoReplicas();
    const { id, request } = await one.turn(ada);
    request.says('Before');
    await ada.readsTo(id, 6);
    await redis.kill();

    const told: string[] = [];
    const hearsOfIt = (async () => {
      for await (const event of there.subscribes(EVENTS)) {
        told.push(JSON.stringify(event));
        if (told.at(-1)?.includes(`"id":"${id}","status":"STOPPED"`)) return;
      }
    })();
    // Until it listens, nothing is known to be told.
    await expect
      .poll(async () => there.awaits((await there.says('Hi')).assistantMessage.id).then(() => told))
      .not.toEqual([]);
    await there.asks('mutation ($id: ID!) { stopMessage(id: $id) { id } }', { id });
    expect(await ada.awaits(id)).toMatchObject({ status: 'STOPPED', content: 'Before' });
    await hearsOfIt;
  });

  test('a new answer is written and read where it was asked', async () => {
    const { redis, ada, there } = await twoReplicas();
    await redis.kill();

    for (const person of [ada, there]) {
      const { assistantMessage } = await person.says('Still there?');
      expect(await person.awaits(assistantMessage.id)).toMatchObject({ status: 'FINISHED' });
    }
    await expect(ada.at(there.url).conversation('x')).rejects.toThrow('NOT_FOUND');
  });
});
