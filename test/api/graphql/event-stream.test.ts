import { connect } from 'node:net';
import { createClient } from 'graphql-sse';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { MESSAGE_STREAM, Person, type TestMessageEvent } from '../../support/actors.ts';
import { startApp } from '../../support/app.ts';

const app = await startApp();
afterAll(app.close);

const EVENTS = 'subscription { viewerEvents { __typename } }';

interface Event<T> {
  readonly data?: T | null;
  readonly errors?: readonly { message: string; extensions: { code: string } }[];
}

async function* listens<T = unknown>(person: Person, query: string, variables: object = {}) {
  const client = createClient({
    url: `${person.url}/graphql/stream`,
    headers: { ...person.headers },
    retryAttempts: 0,
  });
  try {
    yield* client.iterate({ query, variables: { ...variables } }) as AsyncGenerator<Event<T>, void>;
  } finally {
    client.dispose();
  }
}

const posts = (headers: Record<string, string>, body: object = { query: EVENTS }) =>
  fetch(`${app.url}/graphql/stream`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('an answer streams as server-sent events, to its end', async () => {
  const ada = await app.person();
  const script = await ada.withKey();
  for (const person of [ada, script]) {
    const { id, request } = await app.turn(ada);
    const events = listens<{ messageStream: TestMessageEvent }>(person, MESSAGE_STREAM, {
      messageId: id,
    });
    await request.delivers('Hello, ');
    const first = await events.next();
    expect(first.value?.data?.messageStream).toMatchObject({ content: 'Hello, ', position: 7 });
    request.says('world!');
    request.finishes();
    const rest: (TestMessageEvent | undefined)[] = [];
    for await (const { data } of events) rest.push(data?.messageStream);
    expect(rest).toMatchObject([
      { content: 'world!', position: 13 },
      { message: { status: 'FINISHED', content: 'Hello, world!' } },
    ]);
  }
});

test('R37 somebody else’s answer is not found, and an error of the source is masked', async () => {
  const [ada, eve] = [await app.person(), await app.person()];
  const { id, request } = await app.turn(ada);
  const { value } = await listens(eve, MESSAGE_STREAM, { messageId: id }).next();
  expect(value?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  request.finishes();
});

test('visitors, bad keys, other sites and other methods are refused before a stream begins', async () => {
  const ada = await app.person();
  const visitor = await listens(new Person(app.url, '', {}), EVENTS).next();
  expect(visitor.value?.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect((await posts({ authorization: 'Bearer sk_unknown' })).status).toBe(401);
  expect((await posts({ ...ada.headers, origin: 'https://evil.example' })).status).toBe(403);
  expect((await posts({ ...ada.headers, accept: 'application/json' })).status).toBe(406);
  const query = new URLSearchParams({ query: EVENTS });
  const got = await fetch(`${app.url}/graphql/stream?${query}`, { headers: ada.headers });
  expect(got.status).toBe(405);
  const stream = await posts({ ...ada.headers, origin: app.url });
  expect(stream.headers.get('content-type')).toMatch('text/event-stream');
  await stream.body?.cancel();
});

test('malformed operations are refused in words, and a key without the scope is as well', async () => {
  const ada = await app.person();
  const codeOf = async (person: Person, query: string) =>
    (await listens(person, query).next()).value?.errors?.[0]?.extensions.code;
  expect(await codeOf(ada, 'subscription {')).toBe('INVALID');
  expect(await codeOf(ada, '{ nothing }')).toBe('INVALID');
  const NEW_KEY = 'mutation { createApiKey(input: { name: "r", scopes: [CHAT] }) { secret } }';
  const { createApiKey } = await ada.asks<{ createApiKey: { secret: string } }>(NEW_KEY);
  const limited = new Person(app.url, ada.email, {
    authorization: `Bearer ${createApiKey.secret}`,
  });
  expect(await codeOf(limited, EVENTS)).toBe('FORBIDDEN');
});

test('R40 a session that ends has its streams ended, with the reason as the last event', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const events = listens(ada, MESSAGE_STREAM, { messageId: id });
  await request.delivers('So far');
  await events.next();
  await fetch(`${app.url}/logout`, { method: 'POST', headers: ada.headers, redirect: 'manual' });
  const { value } = await events.next();
  expect(value?.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect(await events.next()).toMatchObject({ done: true });
  request.finishes();
});

test('R20 a reader that reads late gets every part of it, once', async () => {
  const ada = await app.person();
  const { id, request } = await app.turn(ada);
  const body = JSON.stringify({ query: MESSAGE_STREAM, variables: { messageId: id } });
  const socket = connect(Number(new URL(app.url).port), 'localhost');
  onTestFinished(() => void socket.destroy());
  const head = { accept: 'text/event-stream', 'content-type': 'application/json', ...ada.headers };
  const lines = Object.entries({ host: 'x', ...head, 'content-length': body.length });
  socket.write(`POST /graphql/stream HTTP/1.1\r\n${lines.map((l) => l.join(': ')).join('\r\n')}`);
  socket.write(`\r\n\r\n${body}`);
  await new Promise((resolve) => socket.once('readable', resolve));
  // More than the connection holds, of which none is read before all is written.
  for (let part = 0; part < 200; part += 1) await request.delivers('x'.repeat(20_000));
  request.finishes();
  await ada.awaits(id);
  let text = '';
  for await (const piece of socket) {
    text += piece;
    if (text.includes('MessageFinished')) break;
  }
  const chunks = text.match(/MessageChunk/g) ?? [];
  const content = [...text.matchAll(/"content":"(x*)"/g)].map(([, x = '']) => x.length);
  expect(content.slice(0, chunks.length).reduce((sum, length) => sum + length, 0)).toBe(4_000_000);
});
