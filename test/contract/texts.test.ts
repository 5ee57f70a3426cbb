import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { getConfig, Hub, type Item, pofile } from 'wuchale';
import config from '../../client/wuchale.config.ts';

const client = join(import.meta.dirname, '../../client');
const languages = config.locales ?? [];
const translations = languages.filter((language) => language !== 'en');

/** The catalogues as they are: a test must not mend what it looks at. */
const readOnly = {
  read: (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : null),
  exists: (file: string) => existsSync(file),
  write: () => undefined,
  mkdir: () => undefined,
  unlink: () => true,
};

async function texts(): Promise<Item[]> {
  const options = { root: client, localesDir: 'src/locales', sourceLocale: 'en', haveUrl: false };
  const storage = await pofile()({ ...options, locales: languages, fs: readOnly });
  return (await storage.load()).items;
}

/** Values and elements that a text is written around: {0}, <0>, </0>, <0/> and the # of a count. */
const marksIn = (text = '') => (text.match(/\{\d+\}|<\/?\d+\/?>|#/g) ?? []).sort().join(' ');
const formsOf = (item: Item, language: string) => item.translations.get(language) ?? [];

test('the catalogue has exactly the texts that the code has (npm run texts)', async () => {
  const hub = await Hub.create(
    'cli',
    () => getConfig(join(client, 'wuchale.config.ts')),
    client,
    0,
    readOnly,
  );
  const { errors, syncs } = await hub.check(true);
  expect(errors).toEqual([]);
  expect(syncs).toEqual([]);
  const obsolete = (await texts()).filter(({ references }) => references.length === 0);
  expect(obsolete.map((item) => formsOf(item, 'en'))).toEqual([]);
});

test('each text is translated into each language', async () => {
  const missing = (await texts()).flatMap((item) =>
    translations
      .filter((language) => !formsOf(item, language)[0] || formsOf(item, language).includes(''))
      .map((language) => `${language}: ${formsOf(item, 'en')[0]}`),
  );
  expect(missing).toEqual([]);
});

test('translations keep the values and elements of the text, and the spaces at its ends', async () => {
  const shapeOf = (text = '') =>
    `${/^\s*/.exec(text)?.[0]}|${marksIn(text)}|${/\s*$/.exec(text)?.[0]}`;
  const differing = (await texts()).flatMap((item) => {
    const source = formsOf(item, 'en');
    return translations.flatMap((language) =>
      formsOf(item, language).filter(
        (form, at) => shapeOf(form) !== shapeOf(source[Math.min(at, source.length - 1)]),
      ),
    );
  });
  expect(differing).toEqual([]);
});

const pathOf = (from: string, name: string) =>
  name.startsWith('#lib/') ? join('src/lib', name.slice(5)) : join(dirname(from), name);

/** All files that the page of this one can come to draw, those that are loaded later included. */
function reachedFrom(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file) || !existsSync(join(client, file))) return found;
  found.add(file);
  const code = readFileSync(join(client, file), 'utf8');
  for (const [, name = ''] of code.matchAll(/(?:from |import\()'((?:#lib|\.\.?)\/[^']+)'/g))
    reachedFrom(pathOf(file, name), found);
  return found;
}

/** What the load functions of a page and of the folders above it ask for. */
function partsLoadedFor(page: string): Set<string> {
  const isPublic = /^src\/routes\/((connect|help)\/|\+\w+\.svelte)/.test(page);
  const parts = new Set(isPublic ? ['start', 'refusals'] : ['start', 'refusals', 'portal']);
  for (let folder = dirname(page); folder !== 'src/routes'; folder = dirname(folder)) {
    const layout = join(client, folder, '+layout.ts');
    const code = existsSync(layout) ? readFileSync(layout, 'utf8') : '';
    for (const [, part = ''] of code.matchAll(/'(\w+)'/g)) parts.add(part);
  }
  return parts;
}

test('whatever a page draws, the texts of it are loaded before', async () => {
  const partOf = config.adapters?.texts?.generateLoadID as (file: string) => string;
  const withTexts = new Set(
    (await texts()).flatMap((item) => item.references.map(({ file }) => file)),
  );
  const pages = globSync('src/routes/**/+{page,layout,error}.{svelte,ts}', { cwd: client });
  expect(pages.length).toBeGreaterThan(10);
  const unloaded = pages.flatMap((page) => {
    const loaded = partsLoadedFor(page);
    return [...reachedFrom(page)]
      .filter((file) => withTexts.has(file) && !loaded.has(partOf(file)))
      .map((file) => `${relative('src/routes', page)} draws ${file}: ${partOf(file)}`);
  });
  expect(unloaded).toEqual([]);
});
