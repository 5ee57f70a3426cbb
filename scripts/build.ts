// Builds the server into dist/ and the client into client/build.
//   --if-stale  builds only what is older than its sources (npm start asks this each time)
//   --quiet     writes nothing to stdout, which belongs to the command that follows
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { root, runTool } from './tool.ts';

interface Half {
  readonly name: string;
  /** Paths from the root; a folder stands for all that is in it. */
  readonly inputs: readonly string[];
  readonly entry: string;
  readonly output: string;
  /** Commands in order, each with the folder it runs in. */
  readonly steps: readonly { readonly command: readonly string[]; readonly folder: string }[];
}

const PERSISTED_DOCUMENTS = 'client/src/lib/graphql/generated/persisted-documents.json';

const halves: readonly Half[] = [
  {
    name: 'server',
    entry: 'server/main.ts',
    inputs: ['server', 'migrations', 'vite.server.config.ts', 'tsconfig.json', 'package-lock.json'],
    output: 'dist',
    steps: [{ command: ['vite', 'build', '--config', 'vite.server.config.ts'], folder: '.' }],
  },
  {
    name: 'client',
    entry: 'client/vite.config.ts',
    inputs: [
      'client',
      'docs/help',
      'schema.graphql',
      'codegen.yml',
      'scripts/codegen.ts',
      'package-lock.json',
    ],
    output: 'client/build',
    steps: [
      { command: ['node', join(root, 'scripts/codegen.ts')], folder: '.' },
      { command: ['wuchale', '--log-level', 'warn'], folder: 'client' },
      { command: ['vite', 'build'], folder: 'client' },
      { command: ['vite', 'build', '--config', 'graphiql.config.ts'], folder: 'client' },
      { command: ['vite', 'build', '--config', 'diagram.config.ts'], folder: 'client' },
      { command: ['cp', PERSISTED_DOCUMENTS, 'client/build/'], folder: '.' },
    ],
  },
];

// What the build itself writes below client/ must not make the client stale.
const made = new Set([
  'node_modules',
  '.svelte-kit',
  '.wuchale',
  'build',
  'data.js',
  'generated',
  'generated.ts',
]);

function* filesUnder(path: string): Generator<string> {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) {
    yield `${path} ${stat.mtimeMs} ${stat.size}`;
    return;
  }
  for (const name of readdirSync(join(root, path)).sort()) {
    if (!made.has(name)) yield* filesUnder(join(path, name));
  }
}

function stateOf(half: Half): string {
  const hash = createHash('sha256');
  for (const path of half.inputs) for (const line of filesUnder(path)) hash.update(`${line}\n`);
  return hash.digest('hex');
}

const stampOf = (half: Half) => join(root, half.output, '.built-from');

function isFresh(half: Half): boolean {
  const stamp = stampOf(half);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === stateOf(half);
}

/**
 * Waits until no other build of this tree runs. SQLite's lock is the operating system's, so that a
 * killed build leaves nothing behind to clear away; it is let go when this process ends.
 */
function lockTree(): DatabaseSync {
  const folder = join(root, 'node_modules', '.cache');
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, 'lumen-build.lock'), { timeout: 10 * 60_000 });
  lock.exec('BEGIN EXCLUSIVE');
  return lock;
}

/** What the help and the status page show: told by whoever builds an image, or known to git, or nothing. */
async function noteCommit({ output }: Half): Promise<void> {
  const asked = await runTool(['git', 'rev-parse', '--short=12', 'HEAD']);
  const commit = process.env.LUMEN_COMMIT || (asked.ok ? asked.output.trim() : '');
  if (/^[0-9a-f]{7,64}$/i.test(commit))
    writeFileSync(join(root, output, 'commit'), commit.slice(0, 12));
}

async function build(half: Half, say: (line: string) => void): Promise<void> {
  const startedAt = performance.now();
  // Taken before the build, removed until it succeeds: an edit or a kill in between means stale.
  const state = stateOf(half);
  rmSync(stampOf(half), { force: true });
  for (const { command, folder } of half.steps) {
    const result = await runTool(command, { cwd: join(root, folder) });
    if (!result.ok) throw new Error(`${command.join(' ')}\n${result.output}`);
  }
  if (half.name === 'server') await noteCommit(half);
  writeFileSync(stampOf(half), state);
  say(`Built the ${half.name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
}

async function main(options: ReadonlySet<string>): Promise<void> {
  const say = options.has('--quiet') ? () => {} : (line: string) => console.log(line);
  const present = halves.filter((half) => existsSync(join(root, half.entry)));
  const wanted = () => present.filter((half) => !options.has('--if-stale') || !isFresh(half));
  if (wanted().length === 0) return;

  using _lock = lockTree();
  const stale = wanted(); // asked again: another process may have built while this one waited
  if (stale.length === 0) return;
  say(`Building the ${stale.map((half) => half.name).join(' and the ')} …`);
  const results = await Promise.allSettled(stale.map((half) => build(half, say)));
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    console.error(`The build failed: ${result.reason.message}`);
    process.exitCode = 1;
  }
}

await main(new Set(process.argv.slice(2)));
