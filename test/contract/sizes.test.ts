import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const linesMax = 250;

test(`no source file is longer than ${linesMax} lines`, async () => {
  const sources = '{server,scripts,bench,test,client/src}/**/*.{ts,svelte}';
  let seen = 0;
  const tooLong: string[] = [];
  for await (const path of glob(sources, {
    cwd: root,
    exclude: ['**/generated/**', '**/generated.ts'],
  })) {
    seen++;
    const lines = (await readFile(join(root, path), 'utf8')).trimEnd().split('\n').length;
    if (lines > linesMax) tooLong.push(`${path}: ${lines}`);
  }
  expect(seen).toBeGreaterThan(0);
  expect(tooLong).toEqual([]);
});
