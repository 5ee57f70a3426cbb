import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { missingEntries } from '../../scripts/complete-lock.ts';

test('the lock file names every platform, so that npm ci takes it (else: node scripts/complete-lock.ts)', async () => {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
  expect(Object.keys(missingEntries(lock))).toEqual([]);
});
