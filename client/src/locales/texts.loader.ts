// The texts of the page in the reader's language, a part at a time. wuchale lets the compiled components ask here.
import toRuntime, { type CatalogModule, type Runtime } from 'wuchale/runtime';
import { language } from '#lib/ui/language.ts';

/** What everybody sees, whoever is signed in, on the pages beside the chat, administrators, and who is refused something. */
export type Part = 'start' | 'portal' | 'pages' | 'admin' | 'refusals';

const catalogs = import.meta.glob<CatalogModule>(
  './.wuchale/texts.{start,portal,pages,admin,refusals}.*.compiled.js',
);
const loaded: Partial<Record<Part, Runtime>> = {};

async function loadPart(part: Part): Promise<void> {
  const catalog = catalogs[`./.wuchale/texts.${part}.${language}.compiled.js`];
  loaded[part] ??= toRuntime(await catalog?.(), language);
}

/** To be awaited before anything of these parts is drawn. */
export const loadTexts = (...parts: readonly Part[]) => Promise.all(parts.map(loadPart));

export const getRuntime = (part: Part): Runtime | undefined => loaded[part];
export { getRuntime as getRuntimeRx };
