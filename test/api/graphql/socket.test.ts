import { afterAll, expect, test } from 'vitest';
import { MESSAGE_STREAM, Person } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';
import { RawSocket, refusedUpgrade } from './raw-socket.ts';

const app = await startApp();
afterAll(app.close);

const EVENTS = 'subscription { viewerEvents { __typename } }';
const VIEWER = '{ viewer { email } }';

/** The server goes on serving. */
async function servesStill(): Promise<void> {
  const ada = await app.person();
  const { assistantMessage } = await ada.says('Are you there?');
  expect(await ada.awaits(assistantMessage.id)).toMatchObject({ status: 'FINISHED' });
}

test.concurrent('a socket that never begins the protocol is closed', async () => {
  const socket = await RawSocket.open(app.url);
  expect(await socket.closed).toMatchObject({ code: 4408 });
});

test('an operation before the beginning closes the socket', async () => {
  const socket = await RawSocket.open(app.url);
  socket.subscribes('1', VIEWER);
  expect(await socket.closed).toMatchObject({ code: 4401 });
});

test('a second beginning closes the socket', async () => {
  const socket = await RawSocket.connect(app.url);
  socket.says({ type: 'connection_init' });
  expect(await socket.closed).toMatchObject({ code: 4429 });
});

const BAD_KEYS = [
  'Bearer sk_unknown',
  'Bearer',
  'Basic YTpi',
  '',
  'Bearer a b',
  `Bearer ${'x'.repeat(9_999)}`,
];
for (const authorization of BAD_KEYS) {
  test(`the key "${authorization.slice(0, 20)}" closes the socket with the reason`, async () => {
    const socket = await RawSocket.open(app.url);
    socket.says({ type: 'connection_init', payload: { authorization } });
    const { code, reason } = await socket.closed;
    expect(code).toBe(4403);
    expect(reason).toMatch(/^UNAUTHENTICATED: /);
  });
}

test('a bad key is not made good by the cookie beside it', async () => {
  const ada = await app.person();
  const socket = await RawSocket.open(app.url, { headers: { ...ada.headers } });
  socket.says({ type: 'connection_init', payload: { authorization: 'Bearer sk_unknown' } });
  expect(await socket.closed).toMatchObject({ code: 4403 });
});

test('a key or a cookie opens a socket; without either only what is open to visitors', async () => {
  const ada = await app.person();
  const script = await ada.withKey();
  const visitor = new Person(app.url, '', {});

  for (const person of [ada, script]) {
    const viewers = person.subscribes(VIEWER);
    expect(await viewers.next()).toMatchObject({ value: { viewer: { email: ada.email } } });
    await viewers.return();
  }
  expect(await visitor.subscribes('{ site { name } }').next()).toMatchObject({ done: false });
  await expect(visitor.subscribes(EVENTS).next()).rejects.toThrow('UNAUTHENTICATED');
  await expect(visitor.subscribes(VIEWER).next()).rejects.toThrow('UNAUTHENTICATED');
  const stream = visitor.subscribes(MESSAGE_STREAM, { messageId: 'x' });
  await expect(stream.next()).rejects.toThrow('UNAUTHENTICATED');
});

test('R39: odd credentials in the beginning are nobody’s, and break nothing', async () => {
  for (const payload of [[], 'x', 1, null, { authorization: 1 }, { authorization: ['Bearer x'] }]) {
    const socket = await RawSocket.open(app.url);
    socket.says({ type: 'connection_init', payload });
    const acknowledged = socket.hears('connection_ack').then(() => 'open');
    const outcome = await Promise.race([acknowledged, socket.closed.then(() => 'closed')]);
    if (outcome === 'closed') continue;
    socket.subscribes('1', VIEWER);
    expect(JSON.stringify(await socket.hears('next', '1'))).toContain('UNAUTHENTICATED');
    socket.close();
  }
  await servesStill();
});

test('R43: a page of another origin opens no socket', async () => {
  const { host, port } = new URL(app.url);
  const foreign = [
    'null',
    'https://evil.example',
    `http://${host}.evil.example`,
    `http://evil-${host}`,
    `http://localhost:${Number(port) + 1}`,
    `http://${host}@evil.example`,
    'localhost',
    '',
  ];
  for (const origin of foreign) expect(await refusedUpgrade(app.url, { origin })).toBe(403);

  const own = await RawSocket.connect(app.url, { headers: { origin: app.url } });
  own.close();
});

test('a socket on another address is not found', async () => {
  expect(await refusedUpgrade(app.url, {}, '/')).toBe(404);
  expect(await refusedUpgrade(app.url, {}, '/graphql/x')).toBe(404);
});

test('a frame beyond the limit closes the socket', async () => {
  const socket = await RawSocket.connect(app.url);
  socket.subscribes('1', `# ${'x'.repeat(5_000_000)}`);
  expect(await socket.closed).toMatchObject({ code: 1009 });
  await servesStill();
});

test('another subprotocol is refused', async () => {
  for (const protocol of ['graphql-ws', 'soap', '']) {
    const refused = RawSocket.open(app.url, { protocol }).then(async (socket) => {
      throw await socket.closed;
    });
    await expect(refused).rejects.toSatisfy(
      (error) => error.code === 4406 || /subprotocol/.test(error.message),
    );
  }
});

const MALFORMED = [
  '',
  '{',
  'null',
  '[]',
  '"subscribe"',
  '{"type":"unknown"}',
  '{"type":"subscribe"}',
  '{"type":"subscribe","id":"1"}',
  '{"type":"subscribe","id":1,"payload":{"query":"{ site { name } }"}}',
  '{"type":"subscribe","id":"1","payload":{"query":7}}',
  '{"type":"subscribe","id":"1","payload":{"query":"{ site { name } }","variables":[]}}',
  '{"type":"complete"}',
  '{"type":"ping","payload":"x"}',
  '['.repeat(100_000),
];

test('R23: malformed messages close their socket, and hurt nobody else', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const reading = ada.reads(id);
  for (const message of MALFORMED) {
    const socket = await RawSocket.connect(app.url);
    socket.says(message);
    const { code } = await socket.closed;
    expect([4400, 4500], message.slice(0, 60)).toContain(code);
  }
  request.says('Undisturbed');
  request.finishes();
  expect((await reading).content).toBe('Undisturbed');
});

const WRONG = {
  'is no GraphQL': 'subscription {',
  'is empty': '',
  'asks for what there is not': '{ nothing }',
  'lacks a variable': 'query ($id: ID!) { conversation(id: $id) { id } }',
  'holds two operations': 'query a { site { name } } query b { site { name } }',
  'is too long': `{ site { ${'name '.repeat(5_000)} } }`,
};

for (const [name, query] of Object.entries(WRONG)) {
  test(`an operation that ${name} is refused, and its socket goes on`, async () => {
    const ada = await app.person();
    const socket = await RawSocket.connect(app.url, { headers: { ...ada.headers } });

    socket.subscribes('1', query);

    const answer = await Promise.race([
      socket.hears('error', '1'),
      socket.hears('next', '1'),
      socket.closed,
    ]);
    expect(JSON.stringify(answer)).toContain('"code":"INVALID"');
    socket.subscribes('2', VIEWER);
    expect(await socket.hears('next', '2')).toMatchObject({
      payload: { data: { viewer: { email: ada.email } } },
    });
    socket.close();
  });
}

test('many answers are watched on one socket, each whole', async () => {
  const ada = await app.person();
  const socket = await RawSocket.connect(app.url, { headers: { ...ada.headers } });
  const turns = [];
  for (let at = 0; at < 4; at += 1) turns.push(await app.turn(ada, `Turn ${at}`));
  const ids = turns.flatMap(({ id }) => Array.from({ length: 5 }, (_, n) => [`${id}/${n}`, id]));
  for (const [operation = '', messageId] of ids)
    socket.subscribes(operation, MESSAGE_STREAM, { messageId });
  for (const [at, { request }] of turns.entries()) {
    request.says(`Answer ${at}`);
    request.finishes();
  }

  for (const [operation] of ids) await socket.hears('complete', operation);

  socket.subscribes('after', '{ conversations { nodes { messages { content } } } }');
  const all = JSON.stringify(await socket.hears('next', 'after'));
  for (const at of turns.keys()) expect(all).toContain(`Answer ${at}`);
  socket.close();
});

test('a socket carries twenty subscriptions and no more, and goes on when one too many is asked for', async () => {
  const ada = await app.person();
  const socket = await RawSocket.connect(app.url, { headers: { ...ada.headers } });
  const subscribes = (operation: string) =>
    socket.subscribes(operation, 'subscription { viewerEvents { __typename } }', {});
  for (let at = 0; at < 20; at += 1) subscribes(`${at}`);
  subscribes('one too many');
  expect(await socket.hears('error', 'one too many')).toMatchObject({
    payload: [{ extensions: { code: 'INVALID', reason: 'subscription_limit', limit: 20 } }],
  });

  socket.subscribes('question', '{ site { name } }', {});
  await socket.hears('complete', 'question');
  socket.says({ id: '0', type: 'complete' });
  subscribes('in its place');
  await ada.says('Hello');
  await socket.hears('next', 'in its place');
  socket.close();
});

test('an operation that is left before it begins is not begun', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const socket = await RawSocket.connect(app.url, { headers: { ...ada.headers } });
  for (let at = 0; at < 50; at += 1) {
    socket.subscribes(`${at}`, MESSAGE_STREAM, { messageId: id });
    socket.says({ id: `${at}`, type: 'complete' });
  }
  socket.subscribes('last', MESSAGE_STREAM, { messageId: id });
  request.says('Text');
  request.finishes();
  await socket.hears('complete', 'last');
  socket.close();
  await servesStill();
});
