import { expect, test } from 'vitest';
import { slugOf } from '../../../server/kernel/slug.ts';
import { projectName } from '../../../server/project/project-name.ts';

test.each([
  ['Robot Lab', 'robot-lab'],
  ['  robot   LAB!  ', 'robot-lab'],
  ['Café & Krème', 'cafe-kreme'],
  ['physics/2026_b', 'physics-2026-b'],
  ['研究 一', '研究-一'],
  ['ｆｕｌｌ', 'full'],
  ['!!!', ''],
  ['\u200b', ''],
])('the slug of %j is %j', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test('a slug is its own slug, and no longer than a column’s index can hold', () => {
  for (const name of ['Robot Lab', 'Ünïcode ﷺ', 'x'.repeat(1_000), 'ﷺ'.repeat(128)]) {
    expect(slugOf(slugOf(name))).toBe(slugOf(name));
    expect([...slugOf(name)].length).toBeLessThanOrEqual(128);
  }
});

test('a name is one line, trimmed', () => {
  expect(projectName(' Robot\n\t Lab\u0000 ')).toEqual({ name: 'Robot Lab', slug: 'robot-lab' });
});

test.each([
  ['', 'INVALID'],
  [' \n ', 'INVALID'],
  ['!!!', 'INVALID'],
  ['New', 'INVALID'],
  ['default', 'INVALID'],
  ['Ádmin', 'INVALID'],
  ['data', 'INVALID'],
  ['users', 'INVALID'],
  ['KEYS', 'INVALID'],
  ['x'.repeat(129), 'TOO_LARGE'],
])('the name %j is refused as %s', (name, code) => {
  expect(() => projectName(name)).toThrow(expect.objectContaining({ code }));
});

test('a reserved name is refused with a sentence that names it', () => {
  expect(() => projectName('Admin')).toThrow('The name "Admin" is reserved: choose another.');
});
