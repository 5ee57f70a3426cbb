import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
/** Ways in which a text becomes part of the document. */
const ways =
  /\{@html[^}]*\}|\.(?:inner|outer)HTML\s*\+?=(?!=)|insertAdjacentHTML|document\.write|srcdoc/g;

test('the page takes HTML in one place only, which sanitises it', async () => {
  const found: string[] = [];
  for await (const path of glob('client/src/**/*.{ts,svelte,html}', {
    cwd: root,
    exclude: ['**/generated/**'],
  })) {
    const source = await readFile(join(root, path), 'utf8');
    for (const [way] of source.matchAll(ways)) found.push(`${path}: ${way}`);
  }
  expect(found).toEqual([
    'client/src/lib/ui/Html.svelte: {@html isAnnouncement ? safeAnnouncement(html) : safe(html)}',
  ]);
});
