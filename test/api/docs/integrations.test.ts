// The worked integrations of docs/graphql.md, run as a reader runs them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../support/app.ts';
import { says } from '../../support/fake-model.ts';

const root = join(import.meta.dirname, '../../..');
const page = await readFile(join(root, 'docs/graphql.md'), 'utf8');
const scripts = new Map(
  [...page.matchAll(/^```js ([\w-]+\.mjs)\n([\s\S]*?)^```$/gm)].map(
    ([, name = '', code = '']) => [name, code] as const,
  ),
);

const app = await startApp();
const folder = await mkdtemp(join(tmpdir(), 'lumen-integrations-'));
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});
beforeAll(async () => {
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, code] of scripts) await writeFile(join(folder, name), code);
});

const admin = await app.person('dev@example.com');
const ada = await app.person('ada@example.edu');
const { key: adminKey } = await admin.withKey('script');
const { key: adaKey } = await ada.withKey('script');

const run = new Set<string>();

function start(name: string, key: string, args: readonly string[]): ChildProcess {
  run.add(name);
  const env = { LUMEN_URL: app.url, LUMEN_API_KEY: key };
  return spawn(process.execPath, [join(folder, name), ...args], { env, cwd: folder });
}

/** What a script prints; one that fails or complains fails the test. */
async function output(
  name: string,
  key: string,
  args: readonly string[] = [],
  input = '',
): Promise<string> {
  const child = start(name, key, args);
  const exit = once(child, 'exit');
  child.stdin?.end(input);
  const [printed, complaint] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  expect([complaint, (await exit)[0]], name).toEqual(['', 0]);
  return printed;
}

async function asked(content: string): Promise<void> {
  app.model.answerNext(says('A coin.'));
  const { assistantMessage } = await ada.says(content);
  await ada.awaits(assistantMessage.id);
}

test('usage-export.mjs prints what each account used', async () => {
  await asked('What is a coin?');
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const csv = await output('usage-export.mjs', adminKey, ['2020-01-01T00:00:00Z', soon]);
  expect(csv).toMatch(
    /^account,requests,inputTokens,outputTokens,cost\nada@example\.edu,1,\d+,\d+,0\.\d+\n$/,
  );
  expect(await output('usage-export.mjs', adminKey)).toMatch(/^account,.*\n$/);
});

test('spend-by-group.mjs prints a table of the groups', async () => {
  await asked('And what does it buy?');
  expect(await output('spend-by-group.mjs', adminKey)).toMatch(/group[\s\S]*default/i);
});

test('roster-sync.mjs makes members of those on the roster, and of nobody else', async () => {
  await app.person('bob@example.edu');
  const members = async () => {
    const { group } = await admin.asks<{ group: { members: { nodes: { email: string }[] } } }>(
      '{ group(name: "course") { members { nodes { email } } } }',
    );
    return group.members.nodes.map(({ email }) => email).sort();
  };
  await output('roster-sync.mjs', adminKey, ['course'], 'ada@example.edu\nbob@example.edu\n');
  expect(await members()).toEqual(['ada@example.edu', 'bob@example.edu']);
  const printed = await output('roster-sync.mjs', adminKey, ['course'], 'BOB@example.edu\n');
  expect(printed).toBe('removeGroupMember ada@example.edu\n');
  expect(await members()).toEqual(['bob@example.edu']);
});

test('new-project.mjs makes a project with a key that opens /v1, once', async () => {
  const args = ['Weather robot', 'ada@example.edu'];
  const [slug, secret] = (await output('new-project.mjs', adminKey, args)).trim().split(' ');
  expect(slug).toBe('weather-robot');
  const headers = { authorization: `Bearer ${secret}` };
  expect((await fetch(`${app.url}/v1/models`, { headers })).status).toBe(200);
  const [again] = (await output('new-project.mjs', adminKey, args)).trim().split(' ');
  expect(again).toBe('weather-robot');
});

test('rotate-key.mjs prints a key that works, and ends the older one', async () => {
  const old = await ada.withKey('laptop');
  const secret = (await output('rotate-key.mjs', old.key, ['laptop'])).trim();
  const status = async (key: string) =>
    (await fetch(`${app.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;
  expect([await status(secret), await status(old.key)]).toEqual([200, 401]);
});

test('set-limit.mjs gives one person a pool of their own, with the reason in the trail', async () => {
  const args = ['ada@example.edu', '50', 'For her thesis'];
  expect(await output('set-limit.mjs', adminKey, args)).toMatch(/can spend [\d.]+ of 50\n$/);
  expect(await output('set-limit.mjs', adminKey, ['ada@example.edu', '', 'Done'])).toMatch(
    /of 10\n$/,
  );
});

test.each(['follow.mjs', 'follow-events.mjs'])('%s prints an answer as it comes', async (name) => {
  app.model.answerNext(says('A coin ', 'is a unit.'));
  const printed = await output(name, adaKey, ['What is a coin?']);
  expect(printed).toMatch(/^A coin is a unit\.\nFINISHED/);
});

test('model-status.mjs prints what becomes of a model', async () => {
  const child = start('model-status.mjs', adminKey, []);
  onTestFinished(() => void child.kill());
  let printed = '';
  child.stdout?.on('data', (piece: Buffer) => {
    printed += piece;
  });
  await expect.poll(() => printed, { timeout: 10_000 }).toMatch(/ fake OK\n/);
  const { endpoints } = await admin.asks<{ endpoints: [{ id: string }] }>('{ endpoints { id } }');
  const { id } = endpoints[0];
  // The subscription may begin a moment after the first look.
  const withdraws = async () => {
    await admin.graphql('mutation ($id: ID!) { restoreEndpoint(id: $id) { id } }', { id });
    const withdraw = 'mutation ($id: ID!) { withdrawEndpoint(id: $id, reason: "Repair") { id } }';
    await admin.graphql(withdraw, { id });
    return printed;
  };
  await expect.poll(withdraws, { timeout: 10_000, interval: 500 }).toMatch(/ fake DOWN\n/);
  await admin.asks('mutation ($id: ID!) { restoreEndpoint(id: $id) { id } }', { id });
});

test('audit-export.mjs prints the trail as JSON lines, from a moment on', async () => {
  const lines = (await output('audit-export.mjs', adminKey)).trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as { action: string; at: string });
  expect(entries.map(({ action }) => action)).toContain('project.created');
  const [newest] = entries;
  const later = (await output('audit-export.mjs', adminKey, [newest?.at ?? ''])).trim().split('\n');
  expect(later.length).toBeLessThan(lines.length);
});

test('import.mjs takes what Lumen exports', async () => {
  await asked('To be exported');
  const { exportConversations } = await ada.asks<{ exportConversations: { text: string } }>(
    '{ exportConversations(format: JSON, first: 1) { text } }',
  );
  await writeFile(join(folder, 'conversations.json'), exportConversations.text);
  expect(await output('import.mjs', adaKey, ['conversations.json'])).toBe('1 conversations\n');
});

test('every script of the page was run', () => {
  const shown = [...scripts.keys()].filter((name) => name !== 'lumen.mjs');
  expect(shown.length).toBeGreaterThanOrEqual(10);
  expect([...run].sort()).toEqual(shown.sort());
});
