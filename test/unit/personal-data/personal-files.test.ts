import { expect, test } from 'vitest';
import { fileNames } from '../../../server/personal-data/personal-files.ts';

test('each file of the archive has a name of its own, also where capitals make no difference', () => {
  expect(fileNames(['a.txt', 'A.TXT', 'a (2).txt', 'a.txt', 'README', 'readme', '.env'])).toEqual([
    'a.txt',
    'A (2).TXT',
    'a (2) (2).txt',
    'a (3).txt',
    'README',
    'readme (2)',
    '.env',
  ]);
});

test('a name stays one in a folder, and is one that usual file systems take', () => {
  expect(fileNames(['a/../b:c.txt', 'what?.pdf', 'dots...', '|'])).toEqual([
    'a_.._b_c.txt',
    'what_.pdf',
    'dots_',
    '_',
  ]);
});
