// Older words for who may use a model (D-11 to D-13).
import { expect, test } from 'vitest';
import type { Access } from '../../../server/config/config.ts';
import { configOf, read, withModels } from './read.ts';

const groupOf = async (text: string) => (await configOf(withModels(text))).groups.get('staff');

const modelOf = async (text: string, name: string) =>
  (await configOf(withModels(text))).models.get(name);

const rules = (entries: Record<string, Access>) => new Map(Object.entries(entries));

test('D-11: the lists of older words become allowed and blocked', async () => {
  const text = `groups:
  staff:
    model_access:
      default: blacklist
      whitelist: [small]
      graylist: [large]
      blacklist: [gone]`;
  expect((await groupOf(text))?.access).toEqual({
    default: 'blocked',
    models: rules({ small: 'allowed', large: 'allowed', gone: 'blocked' }),
  });
  expect((await modelOf(text, 'large'))?.needsAcknowledgement).toBe(true);
  expect((await modelOf(text, 'small'))?.needsAcknowledgement).toBe(false);
});

test('D-11: graylist as a default asks for an acknowledgement of whatever the block does not name', async () => {
  const text = 'groups: { staff: { model_access: { default: graylist, whitelist: [small] } } }';
  expect((await groupOf(text))?.access.default).toBe('allowed');
  expect((await modelOf(text, 'large'))?.needsAcknowledgement).toBe(true);
  expect((await modelOf(text, 'small'))?.needsAcknowledgement).toBe(false);
});

test.each<[string, Access]>([
  ['whitelist: ["*"]', 'allowed'],
  ['blacklist: ["*"]', 'blocked'],
  ['allowed: "*"', 'allowed'],
  ['whitelist: ["*"], blacklist: ["*"]', 'blocked'],
  ['whitelist: ["*"], default: blocked', 'blocked'],
])('D-11: `%s` makes the default %s', async (words, access) => {
  const group = await groupOf(`groups: { staff: { model_access: { ${words} } } }`);
  expect(group?.access).toEqual({ default: access, models: new Map() });
});

test('D-11: a model in two lists of a block is blocked', async () => {
  const group = await groupOf(
    'groups: { staff: { model_access: { whitelist: [small], blacklist: [small] } } }',
  );
  expect(group?.access.models).toEqual(rules({ small: 'blocked' }));
});

test('D-11: the list for everybody becomes what models say, and its blacklist beats every group', async () => {
  const config = await configOf(
    withModels(`model_access: { default: blacklist, whitelist: [small], blacklist: [large] }
groups: { staff: { model_access: { allowed: [small, large] } } }`),
  );
  expect(config.defaults.access).toBe('blocked');
  expect(config.models.get('small')?.access).toBe('allowed');
  expect(config.models.get('large')?.access).toBe('blocked');
  expect(config.groups.get('staff')?.access.models).toEqual(rules({ small: 'allowed' }));
});

test('D-12: without a statement the fallback is blocked, and that is said', async () => {
  const { config, warnings } = await read(withModels('groups: { default: { max: 5 } }'));
  expect(config.defaults.access).toBe('blocked');
  expect(warnings).toEqual([expect.stringContaining('NOBODY MAY USE ANY MODEL')]);
  const open = await read(
    withModels('defaults: { models: { access: allowed }, tokens: { max: 1 } }'),
  );
  expect(open.warnings).toEqual([]);
});

test('D-13: the older place of the acknowledgement is read', async () => {
  const config = await configOf(withModels('app: { graylist_default_notice: Mind the rules. }'));
  expect(config.defaults.acknowledgement).toBe('Mind the rules.');
});
