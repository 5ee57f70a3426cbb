import { expect, test } from 'vitest';
import { type Schema, settingsSchema } from '../../../scripts/config-json-schema.ts';
import { maskedText, restoredText } from '../../../server/config/masked-text.ts';
import { ConfigError } from '../../../server/config/problem.ts';

const KEY = 'k';
const mask = (text: string) => maskedText(text, 'config.yaml', KEY);
const restore = (text: string, before: string | null) =>
  restoredText(text, before, 'config.yaml', KEY);
const MARK = /\(kept secret [\da-f]{16}\)/g;

function complaint(text: string, before: string | null): string[] {
  try {
    restore(text, before);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, message }) => `${line}: ${message}`);
  }
}

const FILE = `# A comment of ours: keep
version: 2
app:
  name:   "Portal"   # odd spacing
  secret_key: 'it''s-s3cret-A'
  encryption_key: "s3cret-B"
  previous_encryption_keys: [s3cret-C, "s3cret, D"]
  database: { url: postgresql://u:s3cret-E@db/lumen }
oauth2: {"client_secret": s3cret-F, server_metadata_url: https://idp.example.edu/x}
x-key: &key s3cret-G
x-base: &base
  api_key: s3cret-H
  weight: 2
models:
  - name: one
    url: https://s:s3cret-I@docs.example.edu/one
    endpoints:
      - url: http://gpu1.example.edu/v1
        api_key: |
          s3cret-J
      - { url: http://gpu1.example.edu/v1, api_key: *key }
  - name: two
    endpoints:
      - <<: *base
        url: http://gpu2.example.edu/v1
      - url: http://gpu3.example.edu/v1
        api_key: \${GPU3_KEY}
prometheus: { token: s3cret-K }
redis:
  url: redis://:s3cret-L@redis:6379/0
unknown:
  smtp_password: 4711471147
  note: stays
`;
const SECRETS_OF_FILE = 13;

test('every secret of every shape is masked, and comes back byte for byte', () => {
  const masked = mask(FILE);
  expect(masked).not.toMatch(/s3cret|4711/);
  expect(masked.match(MARK)).toHaveLength(SECRETS_OF_FILE);
  for (const open of [
    '# A comment of ours: keep',
    '"Portal"   # odd',
    `\${GPU3_KEY}`,
    'note: stays',
  ])
    expect(masked).toContain(open);
  expect(mask(masked.replaceAll(MARK, 'other'))).not.toBe(masked);
  const oneLine = FILE.replace('|\n          s3cret-J', '"s3cret-J\\n"');
  expect(restore(mask(oneLine), oneLine)).toBe(oneLine);
  expect(restore(masked, FILE)).toBe(oneLine);
});

test('a file with the line ends of Windows keeps them', () => {
  const file = FILE.replace('|\n          s3cret-J', 's3cret-J').replaceAll('\n', '\r\n');
  expect(mask(file)).not.toContain('s3cret');
  expect(restore(mask(file), file)).toBe(file);
});

test('each setting that the schema calls a secret is masked', () => {
  const found: string[] = [];
  const visit = (schema: Schema, path: string[]): void => {
    if (schema.writeOnly) found.push(path.join('.'));
    for (const [key, part] of Object.entries(schema.properties ?? {}))
      visit(part as Schema, [...path, key]);
    if (schema.items) visit(schema.items as Schema, [...path, '0']);
  };
  visit(settingsSchema(), []);
  expect(found).toEqual(
    expect.arrayContaining([
      'app.database.url',
      'redis.url',
      'rate_limiting.storage_url',
      'models.0.endpoints.0.api_key',
    ]),
  );
  for (const path of found) {
    const keys = path.split('.');
    const flow = keys.reduceRight(
      (inner, key) => (key === '0' ? `[${inner}]` : `{ ${key}: ${inner} }`),
      's3cret',
    );
    expect(mask(flow), path).not.toContain('s3cret');
  }
});

test('a limit on keys is no key', () => {
  const file = 'rate_limiting: { failed_keys: 20 per minute }\n';
  expect(mask(file)).toBe(file);
});

test('what is empty, or only the name of an environment variable, is no secret', () => {
  const file = `app: { secret_key: , encryption_key: "", database: { url: "\${DB}" } }\n`;
  expect(mask(file)).toBe(file);
});

test('secrets go with models that are renamed, moved or turned around', () => {
  const file = `models:
  - name: a
    endpoints: [{ url: http://gpu/v1, api_key: s3cret-A }]
  - name: b
    endpoints:
      - { url: http://gpu/v1, api_key: s3cret-B }
`;
  const turned = mask(file).replace('name: a', 'name: z').split('  - name');
  const text = [turned[0], turned[2], turned[1]].join('  - name').replace(/}\]\n\n/, '}]\n');
  const restored = restore(text, file);
  expect(restored.indexOf('s3cret-B')).toBeLessThan(restored.indexOf('s3cret-A'));
  expect(restored).toMatch(/name: z\n {4}endpoints: \[\{ url: http:\/\/gpu\/v1, api_key: s3cret-A/);
});

test('a secret is sent nowhere else and shown nowhere: for another use it is written anew', () => {
  const masked = mask(FILE);
  const moved = masked.replace('http://gpu2.example.edu', 'http://evil.example.com');
  expect(complaint(moved, FILE)).toEqual([
    expect.stringMatching(/^12: .*another setting or address/),
  ]);
  const provider = masked.replace('idp.example.edu', 'evil.example.com');
  expect(complaint(provider, FILE)).toEqual([expect.stringContaining('another setting')]);
  const [mark = ''] = masked.match(MARK) ?? [];
  const shown = masked.replace('"Portal"', mark);
  expect(complaint(shown, FILE)).toEqual([expect.stringMatching(/^4: .*another setting/)]);
  const aliased = masked.replace('note: stays', 'note: *key');
  expect(complaint(aliased, FILE)).toEqual([expect.stringContaining('another setting')]);
  const asName = `${masked}groups:\n  *key : { max: 1 }\n`;
  expect(complaint(asName, FILE)).toEqual([expect.stringContaining('another setting')]);
});

test('a key may retire into previous_encryption_keys, which is how keys are changed', () => {
  const file = 'app:\n  encryption_key: s3cret-A\n';
  const text = `${mask(file).replace('encryption_key', 'previous_encryption_keys')}  encryption_key: new\n`;
  expect(restore(text, file)).toBe(
    'app:\n  previous_encryption_keys: s3cret-A\n  encryption_key: new\n',
  );
});

test('a mark of no secret, a part of one and a row of stars are never written', () => {
  const file = 'app:\n  secret_key: s3cret\n  name: x\n';
  const masked = mask(file);
  expect(complaint('app:\n  secret_key: (kept secret 0123456789abcdef)\n', file)).toEqual([
    expect.stringMatching(/^2: this mark stands for no secret/),
  ]);
  expect(complaint(masked.replace('name: x', `name: x (kept secret`), file)).toHaveLength(1);
  expect(complaint('app: { secret_key: "********" }\n', file)).toEqual([
    expect.stringContaining('found a mask'),
  ]);
  expect(complaint(masked, null)).toHaveLength(1);
});

test('variables are read where the file reads them already, and nowhere else', () => {
  expect(complaint(mask(FILE).replace('"Portal"', `\${GPU3_KEY}`), FILE)).toEqual([
    expect.stringContaining('GPU3_KEY'),
  ]);
  expect(complaint(mask(FILE).replace('gpu3.', 'evil.'), FILE)).toHaveLength(1);
  expect(complaint(mask(FILE).replace('"Portal"', `\${DATABASE_URL}`), FILE)).toHaveLength(1);
  expect(
    complaint(
      mask(FILE).replace('"Portal"', () => `$\${DATABASE_URL}`),
      FILE,
    ),
  ).toEqual([]);
});

test('what is no YAML is not shown, and a bomb of aliases is refused', () => {
  expect(() => mask('app: {secret_key: s3cret')).toThrow(ConfigError);
  const levels = Array.from(
    { length: 9 },
    (_, i) => `x${i}: &x${i} [${Array(9).fill(`*x${i - 1}`)}]`,
  );
  expect(() => mask(['a: &x-1 [lol]', ...levels].join('\n').replaceAll('x-1', 'y'))).toThrow(
    ConfigError,
  );
  expect(() => mask('a: &a [*a, *a]\n')).toThrow(ConfigError);
});
