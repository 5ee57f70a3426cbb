import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { find, pageOf, pages } from '../../../client/src/lib/help/help.ts';

const root = join(import.meta.dirname, '../../..');

test('every page of the help has a title, a place of its own and something to say', async () => {
  const files = await readdir(join(root, 'docs/help'));
  expect(pages).toHaveLength(files.length);
  expect(new Set(pages.map(({ slug }) => slug)).size).toBe(files.length);
  for (const { title, sections } of pages) {
    expect(title).not.toBe('');
    expect(sections.length).toBeGreaterThan(0);
    expect(new Set(sections.map(({ id }) => id)).size).toBe(sections.length);
  }
});

test('every link of the help leads to a page that there is', async () => {
  const texts = pages.flatMap(({ sections }) => sections.map(({ text }) => text));
  const links = texts.flatMap((text) => [...text.matchAll(/\]\((\/[^)]*)\)/g)].map(([, to]) => to));
  const routes = await readdir(join(root, 'client/src/routes'), { recursive: true });
  const shown = new Set(routes.map((path) => `/${path}`));
  for (const link of new Set(links)) {
    const [, slug] = /^\/help\/(.+)$/.exec(link ?? '') ?? [];
    if (slug) expect(pages.map((page) => page.slug)).toContain(slug);
    else if (link !== '/') expect(shown).toContain(`${link}/+page.svelte`);
  }
});

test('a search finds sections that have all of the words, those named so first', () => {
  const one = pageOf('1-one.md', '# One\n\nOf apples.\n\n## Pears\n\nThey are [green](/x).\n');
  const two = pageOf('2-two.md', '# Two\n\n## Green things\n\nSome pears.\n');
  expect(find([one, two], 'GREEN pears').map(({ href }) => href)).toEqual([
    '/help/one#pears',
    '/help/two#green-things',
  ]);
  expect(find([one, two], 'apples')).toMatchObject([{ href: '/help/one', title: 'One' }]);
  expect(find([one, two], 'plums')).toEqual([]);
});
