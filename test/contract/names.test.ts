import { glob } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

// They say that something is kept there, not what it knows.
const saysNothing = /^(utils?|helpers?|common|shared|misc|base|manager|service|index)$/i;

test('every file and folder is named by what it knows', async () => {
  let seen = 0;
  const found: string[] = [];
  for await (const path of glob('{server,scripts,bench,test,client/src}/**', { cwd: root })) {
    seen++;
    const { name } = parse(path.split(sep).at(-1) ?? '');
    const word = name.replace(/\.(entity|type|resolver|svelte|test|spec)$/, '');
    if (saysNothing.test(word)) found.push(path);
  }
  expect(seen).toBeGreaterThan(0);
  expect(found).toEqual([]);
});
