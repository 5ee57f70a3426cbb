// The scripts in docs/examples, run as a reader runs them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import { refuses, says, waits } from '../../support/fake-model.ts';

const root = join(import.meta.dirname, '../../..');

const app = await startApp();
afterAll(app.close);

interface Run {
  readonly output: string;
  readonly complaint: string;
  readonly code: number;
}

async function runExample(
  name: string,
  env: { readonly LUMEN_URL: string; readonly LUMEN_API_KEY: string },
  ...questions: readonly string[]
): Promise<Run> {
  const script = join(root, 'docs/examples', name);
  const child = spawn(process.execPath, [script, ...questions], { env });
  const exit = once(child, 'exit');
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exit;
  return { output, complaint, code };
}

async function reader() {
  const { key, ...rest } = await (await app.person('ada@example.org')).withKey();
  return { ...rest, env: { LUMEN_URL: app.url, LUMEN_API_KEY: key } };
}

test('chat.mjs holds a conversation: query, mutation, subscription, and the next turn knows the last', async () => {
  const { env } = await reader();
  app.model.answerNext(says('A coin ', 'is a unit.'), says('It buys ', 'tokens.'));

  const run = await runExample('chat.mjs', env, 'What is a coin?', 'What does it buy?');

  expect(run).toMatchObject({ complaint: '', code: 0 });
  expect(run.output).toMatch(/^ada has \d[\d.]* coins\. fake answers\.\n/);
  expect(run.output).toMatch(
    /> What is a coin\?\n\nA coin is a unit\.\n\nFINISHED, 0\.\d+ coins\n\n> What does it buy\?\n\nIt buys tokens\.\n\nFINISHED, /,
  );
  expect(app.model.requests.at(-1)?.body.messages).toMatchObject([
    { content: 'What is a coin?' },
    { content: 'A coin is a unit.' },
    { content: 'What does it buy?' },
  ]);
});

test('chat.mjs neither misses nor repeats anything when its connection is lost', async () => {
  const { env } = await reader();
  const wire = await openWire();
  app.model.answerNext(waits());
  const arrival = app.model.received(app.model.requests.length + 1);

  const running = runExample('chat.mjs', { ...env, LUMEN_URL: wire.url }, 'Count to six');
  const request = await arrival;
  await request.delivers('one two ');
  await wire.carried('one two');
  wire.cut();
  await request.delivers('three four ');
  await wire.carried('three four');
  request.says('five six');
  request.finishes();

  expect((await running).output).toContain('\n\none two three four five six\n\nFINISHED');
});

test('openai.mjs prints the streamed answer and its tokens', async () => {
  const { env } = await reader();
  app.model.answerNext(says('A coin ', 'is a unit.'));

  const run = await runExample('openai.mjs', env, 'What is a coin?');

  expect(run).toMatchObject({ complaint: '', code: 0 });
  expect(run.output).toMatch(/^A coin is a unit\.\n\n\d+ tokens\n$/);
});

test('the examples fail with the code of the refusal', async () => {
  const { env } = await reader();
  const stranger = { ...env, LUMEN_API_KEY: 'sk_unknown' };
  app.model.answer(refuses(400, 'No'));

  const runs = await Promise.all([
    runExample('chat.mjs', stranger),
    runExample('openai.mjs', stranger),
  ]);

  expect(runs.map(({ code }) => code)).toEqual([1, 1]);
  expect(runs[0]?.complaint).toContain('UNAUTHENTICATED');
  expect(runs[1]?.complaint).toContain('401');
});

/** A wire to the app that can be cut; what the app says on it can be waited for. */
async function openWire() {
  const sockets = new Set<Socket>();
  let heard = '';
  let told = () => {};
  const server = createServer((near) => {
    const far = connect(Number(new URL(app.url).port), 'localhost');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined).on('close', () => to.destroy());
      from.pipe(to);
    }
    far.on('data', (bytes: Buffer) => {
      heard += bytes.toString('utf8');
      told();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const carried = async (words: string) => {
    while (!heard.includes(words)) await new Promise<void>((resolve) => (told = resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, carried };
}
