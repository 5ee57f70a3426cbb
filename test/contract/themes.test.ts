import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BASE, type Token } from '../../server/theme/palette.ts';
import { readTheme, themeSchema } from '../../server/theme/theme-file.ts';

const root = join(import.meta.dirname, '../..');
const TOKEN =
  /^ {2}--([a-z-]+): var\(--site-\1, light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)\);$/gm;

test('what themes are reckoned from is what the style sheet has', async () => {
  const sheet = await readFile(join(root, 'client/src/lib/ui/tokens.css'), 'utf8');
  const written = [...sheet.matchAll(TOKEN)].map(([, token, light, dark]) => [token, light, dark]);
  const reckoned = (Object.keys(BASE.light) as Token[]).map((token) => [
    token,
    BASE.light[token],
    BASE.dark[token],
  ]);
  expect(written.sort()).toEqual(reckoned.sort());
});

test.each(['default', 'aldermoor', 'kestrel-bay'])(
  'the theme %s, which Lumen brings along, has nothing to be warned of',
  async (name) => {
    const { theme, warnings } = await readTheme(join(root, 'themes', name), name);
    expect(theme.name).toBe(name);
    expect(warnings).toEqual([]);
  },
);

test('docs/themes.md names every setting of a theme', async () => {
  const page = await readFile(join(root, 'docs/themes.md'), 'utf8');
  const colors = Object.keys(themeSchema.shape.colors.unwrap().shape.light.unwrap().shape);
  for (const setting of [...Object.keys(themeSchema.shape), ...colors])
    expect(page, setting).toMatch(new RegExp(`\`${setting}\\b`));
});
