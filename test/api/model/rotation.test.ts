import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { startApp, type TestApp, testApp } from '../../support/app.ts';
import {
  answers,
  type Behaviour,
  type FakeModel,
  refuses,
  resetsAfter,
  responds,
  respondsHtml,
  startFakeModel,
  waits,
} from '../../support/fake-model.ts';
import { expectCleanBooks } from '../money/audit.ts';
import { errorOf, HELLO, keyOf, post } from '../v1/client.ts';

let first: FakeModel;
let second: FakeModel;
let app: TestApp;
let key: string;
beforeAll(async () => {
  first = await startFakeModel();
  second = await startFakeModel();
  app = await startApp({ model: first, config: configFor(first, second) });
  key = await keyOf(app);
});
afterAll(async () => {
  await app.close();
  await first.close();
  await second.close();
});

beforeEach(async () => {
  for (const model of [first, second]) {
    model.answer(answers({ texts: ['Hi'] }));
    model.modelsBehaviour = null;
  }
  await expect.poll(() => status(app), { timeout: 15_000, interval: 200 }).toBe('ok');
  // Each has answered since it last failed, so the next failure counts as its first.
  await asks(2);
});

function configFor(...models: readonly FakeModel[]) {
  return {
    upstream: { first_byte_timeout: 0.5 },
    models: [
      {
        name: 'fake',
        input_cost_per_million: 0,
        output_cost_per_million: 1,
        endpoints: models.map(({ url }) => ({ url, model: 'fake-1' })),
      },
    ],
  };
}

async function status({ url }: TestApp): Promise<string> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${url}/v1/models/fake`, { headers });
  return ((await response.json()) as { status: string }).status;
}

/** How many requests each of the two received while the work was done. */
async function receivedDuring(work: () => Promise<unknown>): Promise<[number, number]> {
  const before = [first.requests.length, second.requests.length] as const;
  await work();
  return [first.requests.length - before[0], second.requests.length - before[1]];
}

const asks = async (times: number, stream = false) => {
  const statuses: number[] = [];
  for (let at = 0; at < times; at += 1) {
    const response = await post(app, { ...HELLO, stream }, { key });
    await response.text();
    statuses.push(response.status);
  }
  return statuses;
};

test('healthy servers take turns', async () => {
  expect(await receivedDuring(() => asks(8))).toEqual([4, 4]);
});

const FAULTS: readonly [string, Behaviour][] = [
  ['resets the connection', resetsAfter()],
  ['crashes', responds(500, 'oops')],
  ['is restarting', responds(503, 'soon')],
  ['refuses our key', refuses(401, 'bad key')],
  ['gives a page', respondsHtml()],
  ['hangs', waits()],
];
test.each(FAULTS)(
  'R18 who meets a server that %s is answered by the other, once, and pays once',
  async (_what, fault) => {
    const ada = await app.person();
    const { key: own } = await ada.withKey();
    for (const stream of [false, true]) {
      await expect.poll(() => status(app), { timeout: 15_000, interval: 200 }).toBe('ok');
      let met = 0;
      const once: Behaviour = (request) => {
        met += 1;
        return met === 1 ? fault(request) : answers({ texts: ['Hi'] })(request);
      };
      first.answer(once);
      second.answer(once);
      const response = await post(app, { ...HELLO, stream }, { key: own });
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('Hi');
      expect(met).toBe(2);
    }
    const { viewer } = await ada.asks<{ viewer: object }>('{ viewer { usage { requests } } }');
    expect(viewer).toEqual({ usage: { requests: 2 } });
    await expectCleanBooks(app);
  },
);

test('R18 it is tried at most twice', async () => {
  first.answer(responds(500, 'oops'));
  second.answer(responds(500, 'oops'));
  const received = await receivedDuring(async () => {
    const response = await post(app, HELLO, { key });
    expect([response.status, (await errorOf(response)).code]).toEqual([502, 'upstream_failed']);
  });
  expect(received).toEqual([1, 1]);
});

test('R18 what is the request’s own fault is not tried again', async () => {
  first.answer(refuses(400, 'too long'));
  second.answer(refuses(400, 'too long'));
  const [one, two] = await receivedDuring(() => asks(1));
  expect(one + two).toBe(1);
  expect(await status(app)).toBe('ok');
});

test('R18 once something has reached the caller, nothing is tried again', async () => {
  first.answer(resetsAfter('Hel'));
  second.answer(resetsAfter('Hel'));
  const [one, two] = await receivedDuring(() => asks(1, true));
  expect(one + two).toBe(1);
});

test('a server that went down leaves rotation at once, and comes back by itself', async () => {
  first.modelsBehaviour = responds(500, 'starting');
  first.answer(resetsAfter());
  const [whileDown] = await receivedDuring(async () => {
    expect(await asks(6)).toEqual(Array(6).fill(200));
  });
  expect(whileDown).toBeLessThanOrEqual(1);
  expect(await status(app)).toBe('degraded');
  first.modelsBehaviour = null;
  first.answer(answers({ texts: ['Hi'] }));
  await expect.poll(() => status(app), { timeout: 10_000, interval: 200 }).toBe('ok');
  expect(await receivedDuring(() => asks(4))).toEqual([2, 2]);
});

test('a server that refuses connections is passed over, from the start and later', async () => {
  const gone = await startFakeModel();
  const alive = await startFakeModel();
  onTestFinished(() => alive.close());
  const config = configFor(gone, alive);
  const pair = await testApp({ model: alive, databaseUrl: app.databaseUrl, config });
  expect(await status(pair)).toBe('ok');
  await gone.close();
  for (let at = 0; at < 4; at += 1) expect((await post(pair, HELLO, { key })).status).toBe(200);
  expect(await status(pair)).toBe('degraded');
  expect(alive.requests).toHaveLength(4);
  const late = await testApp({ model: alive, databaseUrl: app.databaseUrl, config });
  expect(await status(late)).toBe('degraded');
  expect((await post(late, HELLO, { key })).status).toBe(200);
});

test('an endpoint that does not serve the model it is named for is down', async () => {
  const other = await startFakeModel();
  onTestFinished(() => other.close());
  other.models = ['another-model'];
  const config = configFor(other);
  const lone = await testApp({ model: other, databaseUrl: app.databaseUrl, config });
  expect(await status(lone)).toBe('down');
  const response = await post(lone, HELLO, { key });
  expect([response.status, (await errorOf(response)).code]).toEqual([503, 'model_unavailable']);
  expect(other.requests).toHaveLength(0);
});

test('under a server that fails every other time, every request is answered', async () => {
  let count = 0;
  first.answer((request) => {
    count += 1;
    return count % 2 ? request.resets() : answers({ texts: ['Hi'] })(request);
  });
  const statuses = await Promise.all(
    Array.from({ length: 60 }, async () => {
      const response = await post(app, HELLO, { key });
      await response.text();
      return response.status;
    }),
  );
  expect(statuses).toEqual(Array(60).fill(200));
});
