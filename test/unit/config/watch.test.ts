import { mkdir, mkdtemp, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Config } from '../../../server/config/config.ts';
import { loadConfig } from '../../../server/config/load.ts';
import type { ConfigProblem } from '../../../server/config/problem.ts';
import { type ConfigWatch, watchConfig } from '../../../server/config/watch.ts';
import { withModels } from './read.ts';

let folder: string;
let file: string;
let watching: ConfigWatch | undefined;
let configs: Config[];
let problems: ConfigProblem[];
let said: string[];
let reported: unknown[];

const log = {
  info: (first: unknown, message?: string) => {
    said.push(message ?? String(first));
    reported.push(first);
  },
  warn: (first: unknown, message?: string) => {
    said.push(message ?? String(first));
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumen-watch-'));
  file = join(folder, 'config.yaml');
  configs = [];
  problems = [];
  said = [];
  reported = [];
});

afterEach(async () => {
  await watching?.close();
  watching = undefined;
  await rm(folder, { recursive: true });
});

const named = (name: string) =>
  withModels(`version: 2
app: { name: ${name}, debug: true, dev_user: d@x, secret_key: a, encryption_key: b }
groups: { default: { max: 1, model_access: { default: allowed } } }`);

async function follow(): Promise<Config> {
  const heard = configs;
  const options = { file, env: {}, log: log as never };
  const initial = await loadConfig({ ...options, generation: 1 });
  watching = await watchConfig({
    ...options,
    initial,
    onConfig: (config) => heard.push(config),
    onProblem: (found) => problems.push(...found),
  });
  return initial;
}

/** What the issue promises: a save takes effect within a second. */
const withinASecond = (check: () => void) => vi.waitFor(check, { timeout: 1000, interval: 10 });

const expectName = (name: string) =>
  withinASecond(() => expect(configs.at(-1)?.app.name).toBe(name));

test('a save in place is followed within a second, as the next generation', async () => {
  await writeFile(file, named('One'));
  const initial = await follow();
  await writeFile(file, named('Two'));
  await expectName('Two');
  expect(configs.map(({ generation }) => generation)).toEqual([initial.generation + 1]);
  expect(said).toEqual(['config.yaml reloaded']);
  expect(reported).toEqual([{ generation: 2, changed: ['app.name changed'] }]);
});

test('a file renamed over it is followed, again and again', async () => {
  await writeFile(file, named('One'));
  await follow();
  for (const name of ['Two', 'Three', 'Four']) {
    await writeFile(join(folder, 'draft'), named(name));
    await rename(join(folder, 'draft'), file);
    await expectName(name);
  }
});

test('a swap of the folder behind a Kubernetes ConfigMap is followed, again and again', async () => {
  const swap = async (version: string) => {
    await mkdir(join(folder, `..${version}`));
    await writeFile(join(folder, `..${version}`, 'config.yaml'), named(version));
    await symlink(`..${version}`, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  await swap('One');
  await symlink(join('..data', 'config.yaml'), file);
  await follow();
  for (const [before, version] of [
    ['One', 'Two'],
    ['Two', 'Three'],
  ] as const) {
    await swap(version);
    await rm(join(folder, `..${before}`), { recursive: true });
    await expectName(version);
  }
});

test('a save behind a link to another folder is followed', async () => {
  await mkdir(join(folder, 'elsewhere'));
  await writeFile(join(folder, 'elsewhere', 'lumen.yaml'), named('One'));
  await symlink(join('elsewhere', 'lumen.yaml'), file);
  await follow();
  // The first look finds where the link leads; until then only the slow look would see this save.
  await vi.waitFor(
    async () => {
      await writeFile(join(folder, 'elsewhere', 'lumen.yaml'), named('Two'));
      expect(configs.at(-1)?.app.name).toBe('Two');
    },
    { timeout: 3000, interval: 300 },
  );
  await writeFile(join(folder, 'elsewhere', 'lumen.yaml'), named('Three'));
  await expectName('Three');
});

test('a file written in two steps is read when it is whole', async () => {
  await writeFile(file, named('One'));
  await follow();
  const text = named('Two');
  const handle = await open(file, 'w');
  await handle.write(text.slice(0, 60));
  await handle.write(text.slice(60));
  await handle.close();
  await expectName('Two');
  expect(problems).toEqual([]);
});

test('a bad file keeps the last good one whole and says where; the next good save mends it', async () => {
  await writeFile(file, named('One'));
  await follow();
  await writeFile(file, `${named('Two')}\nchat: { remove: burn }`);
  await withinASecond(() => expect(problems).toHaveLength(1));
  expect(problems[0]).toEqual({
    source: file,
    line: 8,
    column: 17,
    path: 'chat.remove',
    message: 'found "burn"; accepted is hide or delete',
  });
  expect(configs).toEqual([]);
  await writeFile(file, named('One'));
  await expectName('One');
});

test('a file with which Lumen could not start is bad as well, and so is one that is gone', async () => {
  await writeFile(file, named('One'));
  await follow();
  await writeFile(file, 'app: { debug: true, dev_user: d@x, secret_key: a, encryption_key: b }');
  await withinASecond(() => expect(problems.at(-1)?.message).toMatch(/There is no model/));
  await rm(file);
  await withinASecond(() => expect(problems.at(-1)?.message).toMatch(/there is no such file/));
  expect(configs).toEqual([]);
  await writeFile(file, named('Back'));
  await expectName('Back');
});

test('what needs a restart is said by name and stays as it was', async () => {
  await writeFile(file, named('One'));
  const initial = await follow();
  await writeFile(file, named('Two').replace('secret_key: a', 'secret_key: c'));
  await expectName('Two');
  expect(said).toContain('app.secret_key changed: takes effect after a restart');
  expect(configs.at(-1)?.secrets).toEqual(initial.secrets);
});

test('a save between the first read and the watch is not lost', async () => {
  await writeFile(file, named('One'));
  const options = { file, env: {}, log: log as never };
  const initial = await loadConfig({ ...options, generation: 1 });
  await writeFile(file, named('Two'));
  watching = await watchConfig({
    ...options,
    initial,
    onConfig: (config) => configs.push(config),
    onProblem: () => {},
  });
  await expectName('Two');
});

test('a hundred saves in a rush end with the last one', async () => {
  await writeFile(file, named('One'));
  await follow();
  for (let index = 0; index < 100; index += 1) {
    await writeFile(join(folder, 'draft'), index % 3 === 0 ? 'app: {' : named(`N${index}`));
    await rename(join(folder, 'draft'), file);
  }
  await writeFile(file, named('Last'));
  await expectName('Last');
});

test('a closed watch says nothing more', async () => {
  await writeFile(file, named('One'));
  await follow();
  await watching?.close();
  const heardBefore = configs;
  configs = [];
  await follow();
  await writeFile(file, named('Two'));
  await expectName('Two');
  expect(heardBefore).toEqual([]);
});
