import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, type GraphQLUnionType } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Message } from '../../../client/src/lib/chat/live-answer.svelte.ts';

const text = 'Formula 🎓: 𝒳² + 😀\n\n'.repeat(40);
const letters = [...text];
/** What the server was asked for, in order. */
const asked: number[] = [];
let sockets: WebSocketServer;

const message = (content: string): Message => ({
  id: 'm1',
  parentId: null,
  role: 'ASSISTANT',
  status: 'STREAMING',
  model: 'echo',
  content,
  reasoning: '',
  inputTokens: null,
  outputTokens: null,
  reasoningTokens: null,
  cost: null,
  timeToFirstTokenMs: null,
  reasoningMs: null,
  durationMs: null,
  tokensPerSecond: null,
  failure: null,
  isCutOff: false,
  rating: null,
  uploads: [],
});

/** Streams from `after` in chunks of seven; the first two streams break off in the middle. */
async function* messageStream({ after }: { after: number }) {
  asked.push(after);
  const isBroken = asked.length <= 2;
  for (let at = after; at < letters.length; at += 7) {
    if (isBroken && at > after + 100) {
      for (const socket of sockets.clients as Set<WebSocket>) socket.terminate();
      return;
    }
    const part = letters.slice(at, at + 7);
    const position = at + part.length;
    const chunk = { position, reasoningPosition: 0, content: part.join(''), reasoning: '' };
    yield { messageStream: { __typename: 'MessageChunk', ...chunk } };
  }
  const lengths = { position: letters.length, reasoningPosition: 0 };
  const whole = { ...message(text), ...lengths, status: 'FINISHED' };
  yield { messageStream: { __typename: 'MessageFinished', message: whole } };
}

const server = createServer();

beforeAll(async () => {
  const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
  const union = schema.getType('MessageEvent') as GraphQLUnionType;
  union.resolveType = (event) => (event as { __typename: string }).__typename;
  sockets = new WebSocketServer({ server, path: '/graphql' });
  useServer({ schema, roots: { subscription: { messageStream } } }, sockets);
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  vi.stubGlobal('location', { origin: `http://localhost:${port}` });
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, 1));
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
});

afterAll(async () => {
  for (const socket of sockets.clients) socket.terminate();
  server.close();
  await once(server, 'close');
});

test('an answer has no gap and no repetition however often its socket is lost', async () => {
  const { LiveAnswer } = await import('../../../client/src/lib/chat/live-answer.svelte.ts');
  const held = letters.slice(0, 30).join('');
  const answer = new LiveAnswer(message(held));
  await expect.poll(() => answer.content.length, { timeout: 8_000 }).toBe(text.length);
  expect(answer.content).toBe(text);
  expect(asked.length).toBe(3);
  expect(asked[0]).toBe(30);
  answer.stop();
});
