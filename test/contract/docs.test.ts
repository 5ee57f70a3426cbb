import { existsSync, readdirSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig } from '../../server/config/load.ts';
import { startupProblems } from '../../server/config/startup.ts';
import { FAILURES, type FailureCode } from '../../server/kernel/failure.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFile(join(root, path), 'utf8');

const pages = new Map<string, string>();
for await (const path of glob('{*.md,docs/**/*.md}', { cwd: root }))
  pages.set(path, await read(path));

const page = (path: string): string => pages.get(path) ?? '';
const readme = page('README.md');
const errors = page('docs/errors.md');
const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };

/** Fenced blocks are examples; everything else is prose. */
const FENCED = /^```.*\n[\s\S]*?^```$/gm;
const prose = (text: string): string => text.replace(FENCED, '');
const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);

test('docs/errors.md explains every failure code and no other, in order', () => {
  expect(matches(errors, /^## (.*)$/gm)).toEqual(Object.keys(FAILURES).sort());
});

test('docs/errors.md states the status, type, code and retrying of each failure as the table has them', () => {
  for (const [code, failure] of Object.entries(FAILURES)) {
    const { http, openaiType, openaiCode, retryable } = failure;
    const stated = `HTTP ${http} · type \`${openaiType}\` · code \`${openaiCode}\` · ${retryable ? '' : 'not '}retryable`;
    const section = sectionOf(code as FailureCode);
    expect(section[0], code).toBe(stated);
    expect(section.length, `${code} says more than its numbers`).toBeGreaterThan(1);
  }
});

test('docs/errors.md names every finer reason that the server gives', async () => {
  const given = new Set<string>();
  for await (const path of glob('server/**/*.ts', { cwd: root })) {
    for (const reason of matches(await read(path), /\breason: '(\w+)'/g)) given.add(reason);
  }
  const kinds = await read('server/upstream/upstream-failure.ts');
  for (const kind of matches(kinds, /^ {2}(\w+):/gm)) given.add(`upstream_${kind}`);
  expect(given.size).toBeGreaterThan(12);
  expect([...given].filter((reason) => !errors.includes(`\`${reason}\``))).toEqual([]);
});

/** The lines below a code's heading. */
const sectionOf = (code: FailureCode): string[] =>
  errors.split(`## ${code}\n\n`)[1]?.split('\n## ')[0]?.trim().split('\n') ?? [];

test('every npm script that the pages name is there, and AGENTS.md names all of them', () => {
  for (const [path, text] of pages) {
    const named = matches(text, /\bnpm run (?:--silent )?([a-z][\w-]*)/g);
    expect(
      named.filter((name) => !(name in scripts)),
      path,
    ).toEqual([]);
  }
  const short = /\bnpm (start|test)\b/g;
  const told = [
    ...matches(page('AGENTS.md'), /`npm run ([\w-]+)/g),
    ...matches(page('AGENTS.md'), short),
  ];
  expect([...new Set(told)].sort()).toEqual(Object.keys(scripts).sort());
});

test("README's configuration loads as it is, without a warning, and Lumen starts with it", async () => {
  const [sample = ''] = matches(readme, /^```yaml\n([\s\S]*?)^```$/gm);
  expect(sample.trim().split('\n').length).toBeLessThanOrEqual(15);
  const secrets = { LUMEN_SECRET_KEY: 's'.repeat(32), LUMEN_ENCRYPTION_KEY: 'e'.repeat(32) };
  const { config, warnings } = await parseConfig(sample, {
    file: 'config.yaml',
    env: secrets,
    generation: 1,
  });
  expect(warnings).toEqual([]);
  expect(startupProblems(config)).toEqual([]);
  expect([...config.models.keys()]).toEqual(['llama3']);
  expect(config.groups.get('default')?.pool?.max).toBe(10_000_000n);
});

/** What is made by running Lumen or kept by its operator, and so is not in the tree. */
const NOT_IN_THE_TREE =
  /^(dist|data|node_modules|client\/build|lumen|config\.yaml|theme\.yaml|\.env|postgres\.json|data\.json|playwright\.config\.ts|examples)(\/|$)/;
const PATH = /^[\w.-]+(?:\/[\w.-]+)*(?:\/|\.(?:ts|mjs|cjs|md|json|graphql|yaml|yml|svelte))$/;

test('every file and folder that the pages name exists', () => {
  for (const [path, text] of pages) {
    const named = matches(prose(text), /`([^`\s]+)`/g).filter((name) => PATH.test(name));
    const missing = named
      .filter((name) => !NOT_IN_THE_TREE.test(name))
      .filter((name) => ![name, `server/${name}`, `docs/${name}`].some(isThere));
    expect(missing, path).toEqual([]);
  }
});

const isThere = (path: string): boolean => existsSync(join(root, path)) || isSuffix(path);

/** `conversation.type.ts` and the like stand for the one file of that name. */
const sources = await Array.fromAsync(glob('{server,test}/**/*.ts', { cwd: root }));
const isSuffix = (name: string): boolean =>
  !name.includes('*') && sources.some((source) => source.endsWith(`/${name}`));

test('every relative link of the pages leads somewhere', () => {
  for (const [path, text] of pages) {
    const links = matches(prose(text), /\]\(([^)\s]+)\)/g).filter((link) => !/^https?:/.test(link));
    const broken = links.filter((link) => {
      if (link.startsWith('/')) return !isOnPortal(link);
      const [file = '', anchor] = link.split('#', 2);
      const target = file === '' ? path : join(dirname(path), file);
      const isMissing = !existsSync(join(root, target));
      return isMissing || (anchor !== undefined && !anchorsOf(page(target)).includes(anchor));
    });
    expect(broken, path).toEqual([]);
  }
});

const routes = readdirSync(join(root, 'client/src/routes'));
const helpPages = readdirSync(join(root, 'docs/help'));

/** The help pages lead to pages of Lumen itself. */
function isOnPortal(link: string): boolean {
  const [, folder = '', slug] = link.split('/');
  if (folder === 'help' && slug) return helpPages.some((file) => file.endsWith(`-${slug}.md`));
  return folder === '' || routes.includes(folder);
}

const anchorsOf = (text: string): string[] =>
  matches(text, /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replace(/\s/g, '-'),
  );

test('docs/architecture.md tells the line of folders as the law has it', async () => {
  const [law = ''] = matches(
    await read('.dependency-cruiser.cjs'),
    /const line = \[([\s\S]*?)\];/g,
  );
  const [told = ''] = matches(page('docs/architecture.md'), /^```\n([\s\S]*?)^```$/gm);
  expect(told.trim().split(/\s+/)).toEqual(matches(law, /'([\w-]+)'/g));
});

test('the decisions are numbered without a gap, and each fits on a screen', () => {
  const decisions = [...pages].filter(([path]) => path.startsWith('docs/decisions/')).sort();
  expect(decisions.length).toBeGreaterThan(5);
  for (const [index, [path, text]] of decisions.entries()) {
    const number = index + 1;
    expect(path).toMatch(new RegExp(`/${String(number).padStart(4, '0')}-[a-z0-9-]+\\.md$`));
    expect(text.startsWith(`# ${number}. `), path).toBe(true);
    expect(text.trim().split('\n').length, path).toBeLessThanOrEqual(40);
    expect(matches(text, /^\*\*(.*?)(?:\.\*\*|\*\*)/gm), path).toEqual([
      'Situation',
      'Decision',
      'Price',
      'Look again',
    ]);
  }
});

test('prose keeps to 120 characters a line, and README to 130 lines', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(130);
  for (const [path, text] of pages) {
    if (path === 'docs/config.md') continue;
    const long = prose(text)
      .split('\n')
      .filter((line) => line.length > 120 && !line.startsWith('|'));
    expect(long, path).toEqual([]);
  }
});
