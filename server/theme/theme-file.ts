/** Reads one folder of `themes/`: its theme.yaml, and the logo that it names. */
import { join } from 'node:path';
import { z } from 'zod';
import { Draft } from '../config/draft.ts';
import { readConfigText } from '../config/load.ts';
import { ConfigError, type Path, pathText } from '../config/problem.ts';
import { text } from '../config/schema-values.ts';
import { type Finding, validateAs } from '../config/validate.ts';
import { readYaml, type YamlFile } from '../config/yaml-file.ts';
import { readLogo } from './logo.ts';
import { faintPairs, palette, type Scheme, type StatedColors, type Token } from './palette.ts';
import type { Theme, ThemeColor } from './theme.ts';

const LINKS_MAX = 8;
const TEXT_MAX = 120;
/** What the themes of the original could bring along, and our content security policy refuses. */
const CODE = new Set(['css', 'js']);

const color = () =>
  z
    .string()
    .regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'a colour such as "#7a3e9d", in quotes')
    .transform(sixDigits)
    .optional();

const scheme = () =>
  z
    .strictObject({
      page: color(),
      side: color(),
      text: color(),
      text_soft: color(),
      accent: color(),
      on_accent: color(),
    })
    .prefault({});

const link = () =>
  z.string().trim().refine(isLink, 'an address that begins with https://, http:// or mailto:');

/** What a theme.yaml may say. */
export const themeSchema = z.strictObject({
  institution: text().pipe(z.string().trim().max(TEXT_MAX)).default(''),
  institution_url: link().optional(),
  logo: z.string().trim().min(1).optional(),
  logo_alt: text().pipe(z.string().trim().max(TEXT_MAX)).default(''),
  colors: z.strictObject({ light: scheme(), dark: scheme() }).prefault({}),
  footer_links: z
    .array(
      z.strictObject({ text: text().pipe(z.string().trim().min(1).max(TEXT_MAX)), url: link() }),
    )
    .max(LINKS_MAX)
    .default([]),
});
type ThemeFile = z.output<typeof themeSchema>;

export interface ReadTheme {
  readonly theme: Theme;
  readonly warnings: readonly string[];
}

/** @throws ConfigError with everything that is wrong with the theme */
export async function readTheme(folder: string, name: string): Promise<ReadTheme> {
  const source = join(folder, 'theme.yaml');
  const yaml = readYaml(await readConfigText(source), source);
  const { file, errors, unknown } = validateAs(themeSchema, new Draft({ ...yaml.data }));
  const found = file?.logo ? await readLogo(folder, file.logo) : null;
  const wrong: Finding[] = [...errors];
  if (found && 'problem' in found) wrong.push({ path: ['logo'], message: found.problem });
  if (!file || wrong.length > 0) throw problems(wrong, yaml, source);
  const logo = found && 'logo' in found ? found.logo : null;
  const colors = colorsOf(file);
  const theme: Theme = {
    name,
    institution: file.institution,
    institutionUrl: file.institution_url ?? null,
    logo,
    logoAlt: file.logo_alt || file.institution,
    colors: colors.all,
    footerLinks: file.footer_links,
  };
  const said = unknown.map((path) => ignored(path, yaml));
  return {
    theme,
    warnings: [...said, ...colors.faint].map((words) => `${source}: ${words}`),
  };
}

/** None when the theme states none: the pages have theirs already. */
function colorsOf({ colors }: ThemeFile): { all: ThemeColor[]; faint: string[] } {
  const stated = (words: StatedColors) => Object.values(words).some(Boolean);
  if (!stated(colors.light) && !stated(colors.dark)) return { all: [], faint: [] };
  const [light, dark] = [palette('light', colors.light), palette('dark', colors.dark)];
  const faint = (which: Scheme) => faintPairs(which, which === 'light' ? light : dark);
  return {
    all: (Object.keys(light) as Token[]).map((token) => ({
      token,
      light: light[token],
      dark: dark[token],
    })),
    faint: [...faint('light'), ...faint('dark')],
  };
}

function ignored(path: Path, yaml: YamlFile): string {
  const key = pathText(path);
  const line = `line ${yaml.placeOf(path).line}`;
  return CODE.has(key)
    ? `${key} is ignored (${line}): themes bring no style sheets and no scripts; state colors instead`
    : `${key} is not a setting of a theme and is ignored (${line})`;
}

function problems(wrong: readonly Finding[], yaml: YamlFile, source: string): ConfigError {
  const placed = wrong.map(({ path, message }) => ({
    source,
    ...yaml.placeOf(path),
    path: pathText(path),
    message,
  }));
  return new ConfigError(placed.sort((a, b) => a.line - b.line));
}

function sixDigits(written: string): string {
  const digits = written.slice(1).toLowerCase();
  return `#${digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits}`;
}

function isLink(value: string): boolean {
  return URL.canParse(value) && /^(https?|mailto):$/.test(new URL(value).protocol);
}
