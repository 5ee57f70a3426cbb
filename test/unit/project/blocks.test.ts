// What the file says of projects: which block is a project's, and what pool and models it has by it.
import { expect, test } from 'vitest';
import { effectiveAccess } from '../../../server/access/effective-access.ts';
import { poolPolicy } from '../../../server/budget/pool-policy.ts';
import type { Config } from '../../../server/config/config.ts';
import { coins } from '../../../server/kernel/coins.ts';
import { configOf, problemsOf, read, withModels } from '../config/read.ts';

const ROBOT = {
  kind: 'project',
  email: null,
  slug: 'robot-lab',
  groups: [] as string[],
  acknowledged: new Map<string, string>(),
  limit: null,
} as const;

const file = (projects: string, more = '') =>
  configOf(
    withModels(`
groups:
  default: { max: 1000, model_access: { default: allowed } }
  labs: { max: 40, model_access: { allowed: [large] } }
  frozen: { max: 0, model_access: { blocked: [small] } }
users: { default: { groups: [labs] } }
projects: ${projects}
${more}`),
  );

const EVERYBODY = 'defaults: { tokens: { max: 5 } }';
const sizeOf = (config: Config, groups: string[] = []) =>
  poolPolicy(config, { ...ROBOT, groups })?.max ?? null;

const pools: readonly [string, string, string, string[], ReturnType<typeof sizeOf>][] = [
  ['none, of no block and no default', '{}', '', [], null],
  ['that of everybody, of no block', '{}', EVERYBODY, [], coins(5)],
  ['that of the block default', '{ default: { max: 7 } }', EVERYBODY, [], coins(7)],
  ['that of its own block', '{ default: { max: 7 }, robot-lab: { max: 9 } }', '', [], coins(9)],
  ['that of its own block, by its name', '{ Robot Lab: { max: 9 } }', '', [], coins(9)],
  ['not that of another', '{ default: { max: 7 }, other: { max: 9 } }', '', [], coins(7)],
  [
    'that of everybody when its block, which states none, replaces default',
    '{ default: { max: 7 }, robot-lab: { model_access: { default: allowed } } }',
    EVERYBODY,
    [],
    coins(5),
  ],
  [
    'that of default when its block is empty',
    '{ default: { max: 7 }, robot-lab: {} }',
    EVERYBODY,
    [],
    coins(7),
  ],
  [
    'that of default when nothing is written below its name',
    '{ default: { max: 7 }, robot-lab: }',
    EVERYBODY,
    [],
    coins(7),
  ],
  ['that of a group of its block', '{ robot-lab: { groups: [labs] } }', EVERYBODY, [], coins(40)],
  ['that of a group of default', '{ default: { groups: [labs] } }', EVERYBODY, [], coins(40)],
  ['that of a group it was put into by hand', '{}', EVERYBODY, ['labs'], coins(40)],
  ['its own before those of groups', '{ robot-lab: { max: 3, groups: [labs] } }', '', [], coins(3)],
  ['unlimited with -2', '{ robot-lab: { max: -2 } }', '', [], 'unlimited'],
  [
    'none with 0, whatever groups grant',
    '{ default: { max: 0, groups: [labs] } }',
    EVERYBODY,
    [],
    null,
  ],
  ['not a group’s 0', '{ default: { groups: [frozen] } }', EVERYBODY, [], coins(5)],
];

test.each(pools)('a project’s pool is %s', async (_what, projects, more, groups, size) => {
  expect(sizeOf(await file(projects, more), groups)).toBe(size);
});

const OPEN = 'defaults: { models: { access: allowed } }';
const accesses: readonly [string, string, string, string[], string][] = [
  ['nothing, as everybody’s default is', '{}', '', [], ''],
  ['everything, as everybody’s default is', '{}', OPEN, [], 'small large'],
  [
    'what its block allows',
    '{ robot-lab: { model_access: { allowed: [small] } } }',
    '',
    [],
    'small',
  ],
  [
    'not what its block blocks',
    '{ robot-lab: { model_access: { blocked: [small] } } }',
    OPEN,
    [],
    'large',
  ],
  ['what default allows', '{ default: { model_access: { allowed: [small] } } }', '', [], 'small'],
  [
    'not what default allows when it has a block of its own',
    '{ default: { model_access: { allowed: [small] } }, robot-lab: { max: 1 } }',
    '',
    [],
    '',
  ],
  ['what a group of its block allows', '{ robot-lab: { groups: [labs] } }', '', [], 'large'],
  ['what a group allows that it was put into', '{}', '', ['labs'], 'large'],
  [
    'what its block allows though a group blocks it',
    '{ robot-lab: { groups: [frozen], model_access: { allowed: [small] } } }',
    '',
    [],
    'small',
  ],
  [
    'not what a group blocks',
    '{ robot-lab: { groups: [frozen], model_access: { default: allowed } } }',
    '',
    [],
    'large',
  ],
];

test.each(accesses)('a project may use %s', async (_what, projects, more, groups, names) => {
  const config = await file(projects, more);
  const allowed = [...config.models.values()].filter(
    (model) => effectiveAccess(config, { ...ROBOT, groups }, model) === 'ALLOWED',
  );
  expect(allowed.map(({ name }) => name).join(' ')).toBe(names);
});

test('two blocks of one project are refused, at the second one', async () => {
  const twice = 'projects:\n  Robot Lab: { max: 1 }\n  robot-lab: { max: 2 }';
  expect(await problemsOf(withModels(twice))).toEqual([
    expect.stringMatching(/^config.yaml:7:3: projects.robot-lab: .*one block for each project/),
  ]);
});

test('D-10: clients and services have the same projects, by whatever name', async () => {
  const text = withModels(
    'clients: { Robot Lab: { max: 1 } }\nservices: { robot-lab: { max: 2 } }',
  );
  expect(await problemsOf(text)).toEqual([
    expect.stringMatching(/services.robot-lab: .*one block for each project/),
  ]);
});

test('D-10: a block below clients is that of the project', async () => {
  const config = await configOf(
    withModels('clients: { default: { max: 3 }, robot-lab: { max: 6 } }'),
  );
  expect(sizeOf(config)).toBe(coins(6));
  expect(poolPolicy(config, { ...ROBOT, slug: 'other' })?.max).toBe(coins(3));
});

test('a name without letters and digits is refused', async () => {
  expect(await problemsOf(withModels('projects: { "!!!": { max: 1 } }'))).toEqual([
    expect.stringContaining('a name with letters or digits'),
  ]);
});

test('settings of a project that are none are told, and leave it that of default', async () => {
  const { config, warnings } = await read(
    withModels('projects: { default: { max: 3 }, robot-lab: { colour: red } }'),
  );
  expect(warnings).toContainEqual(
    expect.stringContaining('projects.robot-lab.colour is not a setting'),
  );
  expect(sizeOf(config)).toBe(coins(3));
});
