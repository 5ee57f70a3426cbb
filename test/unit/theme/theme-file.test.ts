import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../../server/config/problem.ts';
import { type ReadTheme, readTheme } from '../../../server/theme/theme-file.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A theme with these files; its own folder lies in another one that is not its own. */
async function folderOf(files: Record<string, string | Buffer>): Promise<string> {
  const around = await mkdtemp(join(tmpdir(), 'lumen-theme-'));
  onTestFinished(() => rm(around, { recursive: true, force: true }));
  for (const [path, bytes] of Object.entries(files)) {
    const file = join(around, 'mine', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return join(around, 'mine');
}

const read = async (files: Record<string, string | Buffer>): Promise<ReadTheme> =>
  readTheme(await folderOf(files), 'mine');

async function problemsOf(files: Record<string, string | Buffer>): Promise<object[]> {
  const error: unknown = await read(files).catch((caught: unknown) => caught);
  if (!(error instanceof ConfigError)) throw error;
  return error.problems.map(({ line, path, message }) => ({ line, path, message }));
}

test('a theme that says nothing is a theme', async () => {
  const { theme, warnings } = await read({ 'theme.yaml': 'institution: ""\n' });
  expect(theme).toEqual({
    name: 'mine',
    institution: '',
    institutionUrl: null,
    logo: null,
    logoAlt: '',
    colors: [],
    footerLinks: [],
  });
  expect(warnings).toEqual([]);
});

test('short colours are meant as CSS means them, and one of them gives all', async () => {
  const { theme } = await read({ 'theme.yaml': 'colors: { dark: { accent: "#FA0" } }' });
  expect(theme.colors.find(({ token }) => token === 'accent')).toEqual({
    token: 'accent',
    light: '#a4460a',
    dark: '#ffaa00',
  });
  expect(theme.colors).toHaveLength(16);
});

test('everything that is wrong is told at once, each with its line', async () => {
  const theme = `institution: Here
colors:
  light:
    accent: green
footer_links:
  - text: Trap
    url: javascript:alert(1)
institution_url: here
`;
  expect(await problemsOf({ 'theme.yaml': theme })).toEqual([
    {
      line: 4,
      path: 'colors.light.accent',
      message: 'found "green"; accepted is a colour such as "#7a3e9d", in quotes',
    },
    {
      line: 7,
      path: 'footer_links[0].url',
      message:
        'found "javascript:alert(1)"; accepted is an address that begins with https://, http:// or mailto:',
    },
    {
      line: 8,
      path: 'institution_url',
      message: 'found "here"; accepted is an address that begins with https://, http:// or mailto:',
    },
  ]);
  expect(await problemsOf({ 'theme.yaml': 'colors: [' })).toMatchObject([{ line: 1 }]);
});

test('unknown settings are ignored with a warning, style sheets and scripts with the reason', async () => {
  const { warnings } = await read({
    'theme.yaml': 'institution: Here\ncss: [a.css]\njs: [a.js]\nshadows: deep\n',
  });
  expect(warnings).toEqual([
    expect.stringMatching(/theme\.yaml: css is ignored \(line 2\): themes bring no style sheets/),
    expect.stringMatching(/theme\.yaml: js is ignored \(line 3\): themes bring no style sheets/),
    expect.stringMatching(/theme\.yaml: shadows is not a setting of a theme .*\(line 4\)$/),
  ]);
});

test('colours that are hard to read are told, and used all the same', async () => {
  const { theme, warnings } = await read({
    'theme.yaml': 'colors: { light: { accent: "#ffcc00" } }',
  });
  expect(theme.colors).not.toEqual([]);
  expect(warnings.join('\n')).toMatch(
    /theme\.yaml: colors\.light: accent #ffcc00 on page #fdfcfa has a contrast of 1\.47/,
  );
});

test.each([
  ['a drawing', 'l.png', SVG, 'image/svg+xml'],
  [
    'a drawing with a prologue',
    'l',
    `<?xml version="1.0"?>\n<!-- ours -->\n${SVG}`,
    'image/svg+xml',
  ],
  ['a picture', 'static/l.svg', PNG, 'image/png'],
])('%s is known by what it holds', async (_what, path, bytes, type) => {
  const { theme } = await read({ 'theme.yaml': `logo: ${path}`, [path]: bytes });
  expect(theme.logo).toMatchObject({ type, bytes: Buffer.from(bytes) });
});

test.each([
  ['a page', '<!doctype html><svg></svg>', /no picture/],
  ['a text', 'hello <svg>', /no picture/],
  ['nothing but comments', '<!-- -->'.repeat(50_000), /no picture/],
  ['too much', Buffer.alloc(513 * 1024), /larger than 512 KB/],
])('%s is no logo', async (_what, bytes, message) => {
  expect(await problemsOf({ 'theme.yaml': 'logo: l.svg', 'l.svg': bytes })).toEqual([
    { line: 1, path: 'logo', message: expect.stringMatching(message) },
  ]);
});

test.each([
  '../secret.svg',
  '../../etc/passwd',
  '/etc/passwd',
  '.',
  'link.svg',
  'folder/../../secret.svg',
])('a logo does not lead out of the folder: %s', async (logo) => {
  const folder = await folderOf({
    'theme.yaml': `logo: ${logo}`,
    'folder/a.svg': SVG,
    '../secret.svg': SVG,
  });
  await symlink('../secret.svg', join(folder, 'link.svg'));
  await expect(readTheme(folder, 'mine')).rejects.toThrow(/logo: there is no such file/);
});

test('a folder of links, as Kubernetes mounts one, is read', async () => {
  const folder = await folderOf({ '..data/theme.yaml': 'logo: logo.svg', '..data/logo.svg': SVG });
  await symlink('..data/theme.yaml', join(folder, 'theme.yaml'));
  await symlink('..data/logo.svg', join(folder, 'logo.svg'));
  expect((await readTheme(folder, 'mine')).theme.logo).not.toBeNull();
});
