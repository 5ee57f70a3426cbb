import { expect, test } from 'vitest';
import {
  readText,
  withItem,
  withSetting,
} from '../../../client/src/lib/config-editor/yaml-text.ts';

const FILE = `# ours
version:   2
app:
  name: "Portal"   # the name
  tagline: ''
chat:
  #remove: hide
models:
  # the small one
  - name: a   # first
    pool: {odd:   1}
    endpoints:
      - url: http://a/v1
        api_key: (kept secret 0123456789abcdef)
  - name: b
    input_modalities: [text,   image]
groups: {default: {max: 1}}
`;

/** Lines that one text has and the other has not. */
function difference(before: string, after: string): string[] {
  const [old, next] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !next.includes(line)).map((line) => `-${line}`),
    ...next.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

test('a setting is changed where it stands, and nothing else', () => {
  expect(difference(FILE, withSetting(FILE, ['app', 'name'], 'Atlas: 2'))).toEqual([
    '-  name: "Portal"   # the name',
    '+  name: "Atlas: 2"   # the name',
  ]);
  expect(difference(FILE, withSetting(FILE, ['models', 1, 'input_modalities'], ['text']))).toEqual([
    '-    input_modalities: [text,   image]',
    '+    input_modalities: [text]',
  ]);
  expect(difference(FILE, withSetting(FILE, ['groups', 'default', 'max'], 20))).toEqual([
    '-groups: {default: {max: 1}}',
    '+groups: {default: {max: 20}}',
  ]);
});

test('a setting is added at the end of its block, with the blocks that are missing', () => {
  expect(difference(FILE, withSetting(FILE, ['models', 0, 'needs_ack'], false))).toEqual([
    '+    needs_ack: false',
  ]);
  expect(difference(FILE, withSetting(FILE, ['app', 'logs', 'level'], 'warn'))).toEqual([
    '+  logs:',
    '+    level: warn',
  ]);
  expect(withSetting(FILE, ['chat', 'remove'], 'delete')).toContain(
    'chat:\n  remove: delete\n  #remove: hide\n',
  );
  expect(difference(FILE, withSetting(FILE, ['api', 'consent'], false))).toEqual([
    '+api:',
    '+  consent: false',
  ]);
  const windows = FILE.replaceAll('\n', '\r\n');
  expect(withSetting(windows, ['app', 'debug'], true)).toBe(
    withSetting(FILE, ['app', 'debug'], true).replaceAll('\n', '\r\n'),
  );
});

test('a setting that is taken out is gone, and no default is written for it', () => {
  expect(difference(FILE, withSetting(FILE, ['app', 'tagline'], undefined))).toEqual([
    "-  tagline: ''",
  ]);
  expect(difference(FILE, withSetting(FILE, ['models', 0], undefined))).toEqual([
    '-  - name: a   # first',
    '-    pool: {odd:   1}',
    '-    endpoints:',
    '-      - url: http://a/v1',
    '-        api_key: (kept secret 0123456789abcdef)',
  ]);
  expect(withSetting(FILE, ['groups', 'default'], undefined)).toMatch(/groups: \{ ?\}/);
});

test('items are added to lists that are there, empty or missing', () => {
  expect(difference(FILE, withItem(FILE, ['models'], { name: 'c' }))).toEqual(['+  - name: c']);
  expect(
    difference(FILE, withItem(FILE, ['models', 0, 'endpoints'], { url: 'http://b/v1' })),
  ).toEqual(['+      - url: http://b/v1']);
  expect(readText(withItem('models:\n', ['models'], { name: 'c' })).data).toEqual({
    models: [{ name: 'c' }],
  });
  expect(readText(withItem('app: {}', ['groups', 'a', 'rules'], { field: 'f' })).data).toEqual({
    app: {},
    groups: { a: { rules: [{ field: 'f' }] } },
  });
});

test('texts of several lines and lists in blocks say what was wanted, and comments stay', () => {
  const several = withSetting(FILE, ['app', 'announcement'], 'One\nTwo');
  expect(several).toContain('# the small one');
  expect(readText(several).data).toMatchObject({ app: { announcement: 'One\nTwo' } });
  const list = 'allowed:\n  - a # why\n  - b\nodd: 1 # odd\n';
  const changed = withSetting(list, ['allowed'], ['a', 'c']);
  expect(readText(changed).data).toEqual({ allowed: ['a', 'c'], odd: 1 });
  expect(changed).toMatch(/- a # why[\s\S]*# odd/);
});

test('what stands in several places by an alias is known as shared', () => {
  const { isShared } = readText('base: &b { max: 1 }\ngroups:\n  a: *b\n  c: { <<: *b }\n');
  expect(isShared(['groups', 'a', 'max'])).toBe(true);
  expect(isShared(['groups', 'c', 'max'])).toBe(false);
  expect(readText('a: [').mistake).not.toBeNull();
});
