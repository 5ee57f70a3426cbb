import { expect, test } from 'vitest';
import { configOf, problemsOf, read, withModels } from './read.ts';

test('all mistakes of a file are told at once, each with line, column, key, what was found and what is accepted', async () => {
  const problems = await problemsOf(`budgets: { output_tokens: many, clamp_output: perhaps }
chat:
  remove: burn
  message_characters_max: 1.5
admins: { a: b }
models:
  - name: m
    input_cost_per_million: -1
    access: sometimes
    endpoints: [{ url: localhost:11434, api_key: k }]
groups:
  staff: { max: -7, refresh: -1, model_access: { allowed: [1, null] } }
upstream: fast
`);
  expect(problems).toEqual([
    'config.yaml:1:27: budgets.output_tokens: found "many"; accepted is a number',
    'config.yaml:1:47: budgets.clamp_output: found "perhaps"; accepted is true or false',
    'config.yaml:3:11: chat.remove: found "burn"; accepted is hide or delete',
    'config.yaml:4:27: chat.message_characters_max: found 1.5; accepted is a whole number',
    'config.yaml:5:1: admins: found a block of settings; accepted is a list',
    'config.yaml:7:5: models[0].output_cost_per_million: missing; accepted is a number',
    'config.yaml:8:29: models[0].input_cost_per_million: found -1; accepted is 0 or more',
    'config.yaml:9:13: models[0].access: found "sometimes"; accepted is allowed or blocked',
    'config.yaml:10:24: models[0].endpoints[0].url: found "localhost:11434"; accepted is an address that begins with http:// or https://',
    'config.yaml:12:17: groups.staff.max: found -7; accepted is a number from 0, or -2 for unlimited',
    'config.yaml:12:30: groups.staff.refresh: found -1; accepted is 0 or more',
    'config.yaml:12:63: groups.staff.model_access.allowed[1]: found null; accepted is a text (in quotes, if it looks like a number)',
    'config.yaml:13:11: upstream: found "fast"; accepted is a block of settings',
  ]);
});

test('a mistake in an older form is told where and as it was written', async () => {
  const text = withModels(
    'app:\n  db_pool: { pool_size: 0 }\ngroups:\n  g: { default: { max: much } }',
  );
  expect(await problemsOf(text)).toEqual([
    'config.yaml:6:25: app.db_pool.pool_size: found 0; accepted is 1 or more',
    'config.yaml:8:24: groups.g.default.max: found "much"; accepted is a number',
  ]);
});

test('a mistake in an environment variable names the variable', async () => {
  expect(await problemsOf(withModels(''), { DATABASE_URL: 'mysql://u:hunter2@h/d' })).toEqual([
    'environment variable DATABASE_URL: app.database.url: found a value (not shown); accepted is an address that begins with postgresql://',
  ]);
});

test('no message tells a secret', async () => {
  const canary = 'CANARY4711';
  const texts = [
    `app: { secret_key: [${canary}], encryption_key: { a: ${canary} }, debug: ${canary}`,
    `app: { previous_encryption_keys: { a: ${canary} }, database: { url: "mysql://u:${canary}@h" } }`,
    `app: { database_url: ${canary} }\nredis: { url: "http://:${canary}@h" }`,
    `rate_limiting: { storage_url: "http://${canary}" }\noauth2: { client_secret: [${canary}] }`,
    `models: [{ name: m, endpoints: [{ url: "ftp://u:${canary}@h", api_key: [${canary}] }] }]`,
    `app:\n  secret_key: "${canary}\n  debug: true\n`,
    `app: { secret_key: ${canary} }} ${canary}: [`,
    `${canary}\n`,
    `secret_key: |x ${canary}\n  b`,
    `secret_key: "\\q${canary}"`,
    `a: *${'x'}\nb: %${canary}`,
  ];
  for (const text of texts) {
    const problems = await problemsOf(text);
    expect(problems, text).not.toEqual([]);
    expect(problems.join('\n')).not.toContain(canary);
  }
  const filled = await problemsOf(withModels(`chat: { remove: "\${WORD}" }`), { WORD: canary });
  expect(filled).toEqual([
    `config.yaml:5:17: chat.remove: found "\${WORD}"; accepted is hide or delete`,
  ]);
});

test('a number as a secret is refused: YAML would change its digits', async () => {
  expect(await problemsOf(withModels('app: { encryption_key: 0123456789 }'))).toEqual([
    'config.yaml:5:24: app.encryption_key: found a value (not shown); accepted is a text (in quotes, if it looks like a number)',
  ]);
});

test.each([
  ['', 'config.yaml:1:1: the file is empty'],
  ['# only a comment\n', 'config.yaml:1:1: the file is empty'],
  ['- a\n- b\n', 'config.yaml:1:1: the file must be a list of settings'],
  ['app: {\n', 'config.yaml:2:1: '],
  ['app:\n  name: a\n  name: b\n', 'config.yaml:3:3: Map keys must be unique'],
  ['app:\n\tname: a\n', 'config.yaml:2:1: Tabs are not allowed'],
  ['a: 1\n---\nb: 2\n', 'config.yaml:2:1: Source contains multiple documents'],
  ['app: &a [*a]\n', 'config.yaml:1:10: app[0]: nested too deeply'],
])('%j is refused with its place', async (text, start) => {
  expect((await problemsOf(text))[0]).toMatch(new RegExp(`^${start.replace(/[.[\]]/g, '\\$&')}`));
});

test('a bomb of aliases is refused, quickly', async () => {
  const rows = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [index, name] of [...'bcdefghij'].entries()) {
    const before = 'abcdefghi'[index];
    rows.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`);
  }
  expect(await problemsOf(rows.join('\n'))).toEqual([
    expect.stringContaining('Excessive alias count'),
  ]);
});

test('nesting without end is refused', async () => {
  expect(await problemsOf(`app: ${'['.repeat(100)}${']'.repeat(100)}`)).toContain(
    'config.yaml:1:7: app[0]: nested too deeply',
  );
  expect(await problemsOf(`app: ${'['.repeat(50_000)}`)).not.toEqual([]);
});

test('the key __proto__ is refused wherever it stands, and changes nothing', async () => {
  const text = withModels('groups:\n  __proto__: { max: -2 }\n  a: { "__proto__": { max: -2 } }');
  expect(await problemsOf(text)).toEqual([
    'config.yaml:6:3: the key __proto__ is not allowed',
    'config.yaml:7:8: the key __proto__ is not allowed',
  ]);
  expect(Object.hasOwn(Object.prototype, 'max')).toBe(false);
});

test('blocks without content count as not written, but a named group is there', async () => {
  const config = await configOf(
    withModels(
      'app:\noauth2: null\nusers:\n  a@x:\nchat: ~\ngroups:\n  staff:\ndefaults:\n  tokens:',
    ),
  );
  expect(config.groups.get('staff')).toMatchObject({ pool: null });
  expect(config.people.get('a@x')).toMatchObject({ groups: [] });
  expect(config.chat.remove).toBe('hide');
});

test('an unknown key is a warning with its path and line, and the file still loads', async () => {
  const { config, warnings } = await read(
    withModels(
      'app: { name: X, nmae: Y }\ngroups: { g: { max: 1, model_access: { default: allowed, deny: [a] } } }\nplugins: 1',
    ),
  );
  expect(config.app.name).toBe('X');
  expect(warnings).toEqual([
    'app.nmae is not a setting and is ignored (line 5)',
    'groups.g.model_access.deny is not a setting and is ignored (line 6)',
    'plugins is not a setting and is ignored (line 7)',
  ]);
});

test('a person who is not named by an address is a warning, for no one else is meant', async () => {
  const { warnings } = await read(
    withModels(
      'admins: [eve, ada@x]\nusers: { default: { groups: [g] }, bob: { max: 1 }, a@x: { max: 1 } }',
    ),
  );
  expect(warnings.slice(1)).toEqual([
    'admins: eve is no e-mail address, so it is nobody.',
    'users: bob is no e-mail address, so it is nobody.',
  ]);
});

test('two blocks for one e-mail address are refused', async () => {
  expect(
    await problemsOf(withModels('users:\n  Ada@x.edu: { max: 1 }\n  "ada@X.edu ": { max: -2 }')),
  ).toEqual([
    expect.stringContaining(
      'config.yaml:7:3: users.ada@X.edu : found a block of settings; accepted is one block for each e-mail address',
    ),
  ]);
});

test('a provider without a secret or metadata is refused', async () => {
  expect(await problemsOf(withModels('oauth2: { client_id: x }'))).toEqual([
    'config.yaml:5:1: oauth2.client_secret: missing; accepted is client_secret, since client_id is set',
    'config.yaml:5:1: oauth2.server_metadata_url: missing; accepted is server_metadata_url, since client_id is set',
  ]);
});

test('variables are filled in, a doubled $ is literal, a missing variable is named', async () => {
  const config = await configOf(
    withModels(
      `app: { name: "\${A} of \${B}", tagline: "$\${A} costs $5" }\nbudgets: { output_tokens: "\${N}" }`,
    ),
    { A: 'House', B: `\${A}`, N: '77' },
  );
  expect(config.app).toMatchObject({ name: `House of \${A}`, tagline: `\${A} costs $5` });
  expect(config.budgets.outputTokens).toBe(77);
  expect(await problemsOf(withModels(`app: { name: "\${MISSING}", tagline: "\${a:-b}" }`))).toEqual(
    [
      'config.yaml:5:14: app.name: the environment variable MISSING is not set',
      expect.stringContaining('config.yaml:5:37: app.tagline: found braces after $'),
    ],
  );
});

test('numbers and booleans are also read from texts, and from the words of older YAML', async () => {
  const config = await configOf(
    withModels(
      'app: { debug: "on", logs: { level: WARNING } }\ngroups: { 2024: { max: "1_000.5" } }\noauth2: { allow_unverified_email: yes }',
    ),
  );
  expect(config.app.debug).toBe(true);
  expect(config.logs.level).toBe('warn');
  expect(config.groups.get('2024')?.pool?.max).toBe(1_000_500_000n);
});

test('anchors with merge keys make independent settings', async () => {
  const config = await configOf(
    withModels(`groups:
  a: &a { default: { max: 10 } }
  b: *a
  c: { <<: *a, model_access: { blocked: [large] } }`),
  );
  const max = (name: string) => config.groups.get(name)?.pool?.max;
  expect([max('a'), max('b'), max('c')]).toEqual([10_000_000n, 10_000_000n, 10_000_000n]);
});

test('a configuration can’t be changed, not even its maps and sets', async () => {
  const config = await configOf(
    withModels('admins: [a@x]\ngroups: { g: { model_access: { allowed: [small] } } }'),
  );
  const groups = config.groups as Map<string, unknown>;
  const rules = config.groups.get('g')?.access.models as Map<string, string>;
  expect(() => groups.clear()).toThrow(TypeError);
  expect(() => rules.set('large', 'allowed')).toThrow(TypeError);
  expect(() => (config.admins as Set<string>).add('b@x')).toThrow(TypeError);
  expect(() => Object.assign(config.app, { debug: true })).toThrow(TypeError);
});

test('an endpoint’s id tells address, key and model apart, and nothing else', async () => {
  const config = await configOf(`models:
  - name: m
    input_cost_per_million: 1
    output_cost_per_million: 1
    endpoints:
      - { url: "http://h/v1/", api_key: a }
      - { url: "http://h/v1", api_key: a, model: m }
      - { url: "http://h/v1", api_key: b }
      - { url: "http://h/v1", api_key: b, model: other }`);
  const endpoints = config.models.get('m')?.endpoints ?? [];
  expect(endpoints.map(({ url, apiKey, model }) => [url, apiKey, model])).toEqual([
    ['http://h/v1', 'a', 'm'],
    ['http://h/v1', 'b', 'm'],
    ['http://h/v1', 'b', 'other'],
  ]);
  // sha256 of "http://h/v1\0a\0m": the ids of running installations must stay.
  expect(endpoints[0]?.id).toBe('5652872224150f95');
});
