// READMEs are written for another site: with HTML that says how they look there, and links that lead on from there.
// They are long and written by strangers, so each pattern ends at the next bracket: none looks at a place many times.

const CODE = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[^\n]*$|(?![\s\S]))/gm;
const IMAGE = /<img\b[^<>]{0,2000}>/gi;
const LINK = /<a\b([^<>]{0,2000})>([^<]*)<\/a>/gi;
const HEADING = /<h[1-6]\b[^<>]*>/gi;
const HEADING_END = /<\/h[1-6]>/gi;
/** Those that Markdown.svelte draws stay. */
const OTHER_TAG =
  /<\/?(?!(?:sub|sup|kbd|mark|details|summary|[bisu]|br)\b)[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>/gi;
const RELATIVE = /(\]\()(?!\w+:|#|\/\/)\.?\/?([^\s)]+)/g;

const attribute = (tag: string, name: string): string =>
  new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`, 'i').exec(tag)?.[1] ?? '';

const withoutComments = (text: string): string =>
  text
    .split('<!--')
    .map((part, at) => (at === 0 ? part : part.slice(part.indexOf('-->') + 3)))
    .join('');

const asMarkdown = (html: string): string =>
  withoutComments(html)
    .replace(IMAGE, (tag) => `![${attribute(tag, 'alt')}](${attribute(tag, 'src')})`)
    .replace(LINK, (_, inside, label) => `[${label}](${attribute(inside, 'href')})`)
    .replace(HEADING, '\n### ')
    .replace(HEADING_END, '\n')
    .replace(OTHER_TAG, '');

/** The text as Markdown alone, with whole addresses; what is in blocks of code stays as it is. */
export function readable(text: string, baseUrl: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  const prose = (part: string) => asMarkdown(part).replace(RELATIVE, `$1${baseUrl}$2`);
  let [shown, end] = ['', 0];
  for (const { 0: code, index } of lines.matchAll(CODE)) {
    shown += prose(lines.slice(end, index)) + code;
    end = index + code.length;
  }
  return (shown + prose(lines.slice(end))).trim();
}
