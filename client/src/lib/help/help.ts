// The pages of docs/help, which are built into the client.

const files = import.meta.glob<string>('../../../../docs/help/*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export interface HelpSection {
  /** Empty for what stands before the first one. */
  readonly heading: string;
  readonly id: string;
  /** Markdown. */
  readonly text: string;
}

export interface HelpPage {
  readonly slug: string;
  readonly title: string;
  readonly sections: readonly HelpSection[];
}

const idOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

/** A page begins with its title, and its sections with headings of the second level. */
export function pageOf(path: string, markdown: string): HelpPage {
  const [first = '', ...rest] = markdown.split(/^## /m);
  const title = /^# (.+)$/m.exec(first)?.[1] ?? '';
  const sections = rest.map((part) => {
    const [heading = '', ...lines] = part.split('\n');
    return { heading, id: idOf(heading), text: lines.join('\n').trim() };
  });
  const opening = first.replace(/^# .+$/m, '').trim();
  return {
    slug: /(?:\d+-)?([a-z-]+)\.md$/.exec(path)?.[1] ?? '',
    title,
    sections: opening ? [{ heading: '', id: '', text: opening }, ...sections] : sections,
  };
}

export const pages: readonly HelpPage[] = Object.entries(files)
  .sort(([one], [other]) => one.localeCompare(other))
  .map(([path, markdown]) => pageOf(path, markdown));

export interface Hit {
  readonly href: string;
  readonly title: string;
  readonly excerpt: string;
}

const EXCERPT = 140;
const plain = (markdown: string): string =>
  markdown
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*|#]|-{3}/g, '')
    .replaceAll(/\s+/g, ' ');

function excerptOf(body: string, word: string): string {
  const at = Math.max(0, Math.round(body.toLowerCase().indexOf(word) - EXCERPT / 3));
  return `${at > 0 ? '…' : ''}${body.slice(at, at + EXCERPT)}…`;
}

const nameOf = (page: HelpPage, { heading }: HelpSection): string =>
  heading ? `${page.title}: ${heading}` : page.title;

/** The sections in which all of the words stand, those with one in their names first. */
export function find(among: readonly HelpPage[], words: string): Hit[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const places = among.flatMap((page) =>
    page.sections.map((section) => {
      const [title, body] = [nameOf(page, section), plain(section.text)];
      const href = `/help/${page.slug}${section.id ? `#${section.id}` : ''}`;
      return { href, title, excerpt: excerptOf(body, wanted[0] ?? ''), body: body.toLowerCase() };
    }),
  );
  const isNamed = ({ title }: Hit) => wanted.some((word) => title.toLowerCase().includes(word));
  return places
    .filter(({ title, body }) =>
      wanted.every((word) => title.toLowerCase().includes(word) || body.includes(word)),
    )
    .map(({ href, title, excerpt }) => ({ href, title, excerpt }))
    .sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)));
}

/** The rules for what models write let links lead only to whole addresses. */
export const withWholeLinks = (markdown: string, origin: string): string =>
  markdown.replaceAll('](/', `](${origin}/`);
