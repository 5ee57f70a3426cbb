// Prints how much a browser loads before each page of the built client can be used, compressed, and fails when that is
// more than we allow. What is loaded on demand (KaTeX, highlight.js) does not count.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './tool.ts';

interface Chunk {
  readonly file: string;
  readonly name?: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

interface Page {
  readonly name: string;
  /** Names of chunks that the page needs besides what every page does. */
  readonly parts: readonly string[];
  /** The parts of the catalogue of texts that it loads before it is drawn; see client/wuchale.config.ts. */
  readonly texts: readonly string[];
  /** Its folder in client/src/routes. */
  readonly route: string;
  readonly scriptMax: number;
  readonly styleMax: number;
}

const pages: readonly Page[] = [
  { name: 'sign-in', parts: [], texts: ['start'], route: '(chat)', scriptMax: 60, styleMax: 5 },
  {
    name: 'chat',
    parts: ['Shell', 'Room'],
    texts: ['start', 'portal'],
    route: '(chat)',
    scriptMax: 160,
    styleMax: 20,
  },
  {
    name: 'settings',
    parts: ['Shell', 'Settings'],
    texts: ['start', 'portal', 'pages'],
    route: 'settings',
    scriptMax: 160,
    styleMax: 20,
  },
];

const output = join(root, 'client/.svelte-kit/output/client');
const manifest: Record<string, Chunk> = JSON.parse(
  readFileSync(join(output, '.vite/manifest.json'), 'utf8'),
);

const generated = join(root, 'client/.svelte-kit/generated/build/client-optimized');
const languages = readdirSync(join(root, 'client/src/locales')).flatMap(
  (file) => /^(.+)\.po$/.exec(file)?.[1] ?? [],
);
const always = ['entry/start', 'entry/app', 'client-entry'];

/** SvelteKit makes one node for each layout and page: a page needs those of its folder and of the outermost one. */
function isNodeOf(name: string, { route }: Page): boolean {
  if (!name.startsWith('nodes/')) return false;
  const text = readFileSync(join(generated, `${name}.js`), 'utf8');
  return (
    /\/routes\/\+/.test(text) || text.includes(`/routes/${route}/`) || !text.includes('/routes/')
  );
}

const isWanted = ({ name = '' }: Chunk, page: Page) =>
  always.includes(name) || page.parts.includes(name) || isNodeOf(name, page);

function filesOf(page: Page): { scripts: Set<string>; styles: Set<string> } {
  const scripts = new Set<string>();
  const styles = new Set<string>();
  const visit = (key: string) => {
    const chunk = manifest[key];
    if (!chunk || scripts.has(chunk.file)) return;
    scripts.add(chunk.file);
    for (const file of chunk.css ?? []) styles.add(file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const [key, chunk] of Object.entries(manifest)) if (isWanted(chunk, page)) visit(key);
  return { scripts, styles };
}

/** In kilobytes of a thousand bytes. */
function weightOf(files: Iterable<string>): number {
  const bytes = [...files].map((file) => gzipSync(readFileSync(join(output, file))).length);
  return bytes.reduce((sum, each) => sum + each, 0) / 1_000;
}

/** In the language that needs most. */
function textWeightOf({ texts }: Page): number {
  const weights = languages.map((language) =>
    weightOf(
      texts.map((part) => {
        const chunk = manifest[`src/locales/.wuchale/texts.${part}.${language}.compiled.js`];
        if (!chunk) throw new Error(`The build has no ${part} texts in ${language}.`);
        return chunk.file;
      }),
    ),
  );
  return Math.max(...weights);
}

function report(page: Page): boolean {
  const { scripts, styles } = filesOf(page);
  const [script, style] = [weightOf(scripts) + textWeightOf(page), weightOf(styles)];
  const isLight = script <= page.scriptMax && style <= page.styleMax;
  console.log(
    `${page.name.padEnd(9)} JS ${script.toFixed(1)} of ${page.scriptMax} KB, ` +
      `CSS ${style.toFixed(1)} of ${page.styleMax} KB${isLight ? '' : '  TOO HEAVY'}`,
  );
  return isLight;
}

const missing = pages
  .flatMap(({ parts }) => parts)
  .filter((part) => !Object.values(manifest).some(({ name }) => name === part));
if (missing.length > 0) throw new Error(`The build has no ${missing.join(', ')}.`);
if (pages.map(report).includes(false)) process.exitCode = 1;
