import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { startApp, type TestApp } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { freshDatabase, redisUrl } from '../../support/services.ts';

const STOP = 'mutation ($id: ID!) { stopMessage(id: $id) { id } }';

describe.skipIf(!redisUrl())('two replicas', () => {
  let one: TestApp;
  let two: TestApp;
  let ada: Person;

  beforeAll(async () => {
    const shared = {
      model: await startFakeModel(),
      databaseUrl: await freshDatabase(),
      env: { REDIS_URL: redisUrl() ?? '' },
    };
    [one, two] = await Promise.all([startApp(shared), startApp(shared)]);
    ada = await one.person();
  });
  afterAll(async () => {
    await Promise.all([one.close(), two.close()]);
    await one.model.close();
  });

  test('an answer that one writes is watched at the other, from the start, mid-way and at the end', async () => {
    const { id, request } = await one.turn(ada);
    const there = ada.at(two.url);
    const fromStart = there.reads(id);
    request.reasons('Well 🤔');
    request.says('First 🎉 ');
    expect(await there.readsTo(id, 8)).toBe('First 🎉 ');
    const fromMidway = there.reads(id, 6);
    await there.readsTo(id, 8, 6);
    request.says('second.');
    request.finishes();

    const whole = { content: 'First 🎉 second.', reasoning: 'Well 🤔' };
    expect(await fromStart).toMatchObject({ ...whole, message: { ...whole, status: 'FINISHED' } });
    expect(await fromMidway).toMatchObject({ content: '🎉 second.', reasoning: '' });
    expect(await there.reads(id)).toMatchObject({ ...whole, message: { status: 'FINISHED' } });
  });

  test('R21: who goes from one to the other a hundred times sees no gap and no repeat', async () => {
    const { id, request } = await one.turn(ada);
    let [said, read] = ['', ''];
    for (let round = 0; round < 100; round += 1) {
      const piece = `${round} é漢😀 `;
      said += piece;
      request.says(piece);
      const replica = round % 2 === 0 ? one : two;
      const position = [...read].length;
      const place = round % 3 === 0 ? position + 1 : [...said].length;
      read += await ada.at(replica.url).readsTo(id, place, position);
    }
    request.finishes();
    read += (await ada.at(two.url).reads(id, [...read].length)).content;

    expect(read).toBe(said);
  });

  test('an answer that one writes is stopped at the other', async () => {
    const { id, request } = await one.turn(ada);
    request.says('Enough');
    await ada.readsTo(id, 6);

    await ada.at(two.url).asks(STOP, { id });
    await request.closedByClient;

    expect(await ada.at(two.url).awaits(id)).toMatchObject({
      status: 'STOPPED',
      content: 'Enough',
    });
  });

  test('what changes at one is told at the other, to the same person only', async () => {
    const eve = await two.person();
    const told: string[] = [];
    const sockets = [ada.at(two.url), eve].map((person) => person.socket());
    for (const [at, socket] of sockets.entries())
      socket.subscribe(
        {
          query:
            'subscription { viewerEvents { __typename ... on MessageChanged { message { id status } } } }',
        },
        {
          next: ({ data }) => told.push(`${at} ${JSON.stringify(data)}`),
          error: () => {},
          complete: () => {},
        },
      );
    // Until both listen, nothing is known to be told.
    const asks = async (person: Person) =>
      person.awaits((await person.says('Hi')).assistantMessage.id);
    for (const [at, person] of [ada.at(two.url), eve].entries())
      await expect
        .poll(async () => (await asks(person)) && told.some((event) => event.startsWith(`${at} `)))
        .toBe(true);

    const { id, request } = await one.turn(ada);
    await ada.asks(STOP, { id });
    await request.closedByClient;

    const stopped = `0 {"viewerEvents":{"__typename":"MessageChanged","message":{"id":"${id}","status":"STOPPED"}}}`;
    await expect.poll(() => told).toContain(stopped);
    expect(told).toContain('0 {"viewerEvents":{"__typename":"PoolChanged"}}');
    // What she is told next comes after whatever could have leaked.
    const last = await asks(eve);
    await expect.poll(() => told.join()).toContain(`"id":"${last.id}","status":"FINISHED"`);
    expect(told.filter((event) => event.startsWith('1 ')).join()).not.toContain(id);
    await Promise.all(sockets.map((socket) => socket.dispose()));
  });

  test('a session and a key of one are good at the other, until they are ended at either', async () => {
    const query = '{ viewer { email } }';
    const bob = await one.person();
    const script = await bob.withKey();
    expect(await script.at(two.url).asks(query)).toEqual({ viewer: { email: bob.email } });
    const { viewer } = await bob.asks<{ viewer: { apiKeys: { id: string }[] } }>(
      '{ viewer { apiKeys { id } } }',
    );

    await bob.asks('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', {
      id: viewer.apiKeys[0]?.id,
    });

    await expect
      .poll(() => script.at(two.url).refusal(query), { timeout: 1_000 })
      .toBe('UNAUTHENTICATED');
    await fetch(`${one.url}/logout`, { method: 'POST', headers: bob.headers, redirect: 'manual' });
    expect(await bob.at(two.url).refusal(query)).toBe('UNAUTHENTICATED');
  });
});
