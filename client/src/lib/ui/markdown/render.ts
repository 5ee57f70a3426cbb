// Markdown to HTML. Model output is hostile input: every attribute in the result is written here, and none is taken from
// raw HTML, which is shown as text. DOMPurify is the second wall, in safe.ts.
import { Marked, Renderer, type Tokens } from 'marked';
import { BoundedLexer } from './bounded-lexer.ts';
import { Footnotes, footnoteExtensions } from './footnotes.ts';
import { type MathToken, mathExtensions } from './math.ts';

/** The heavy parts, which are loaded when an answer first needs them. Asking for one that is absent loads it. */
export interface Tools {
  readonly formula: ((tex: string, isDisplay: boolean) => string) | undefined;
  readonly highlight: ((code: string, language: string) => string | undefined) | undefined;
}

export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** A formula of so many characters may be wider than the column, so it is one that can be scrolled. */
const WIDE_TEX = 120;
const webAddress = /^(?:https?:\/\/|mailto:)/i;
const harmlessTag = /&lt;(\/?(?:sub|sup|kbd|mark|details|summary|[bisu])|br ?\/?)&gt;/gi;

function anchor(href: string, title: string | null | undefined, label: string): string {
  if (!webAddress.test(href)) return label;
  const titled = title ? ` title="${escaped(title)}"` : '';
  return `<a href="${escaped(href)}"${titled} target="_blank" rel="noopener noreferrer nofollow">${label}</a>`;
}

function rawHtml(text: string): string {
  return escaped(text.replace(/<!--[\s\S]*?-->/g, '')).replace(harmlessTag, '<$1>');
}

function codeBlock(tools: Tools, code: string, info: string | undefined): string {
  const language = /^\S*/.exec(info ?? '')?.[0] ?? '';
  const inside = (language && tools.highlight?.(code, language)) || escaped(code);
  const copy = 'Copy';
  return (
    `<figure class="code"><figcaption><span>${escaped(language || 'text')}</span>` +
    `<button type="button" data-copy="code">${copy}</button></figcaption>` +
    `<pre tabindex="0"><code>${inside}</code></pre></figure>\n`
  );
}

function formula(tools: Tools, math: MathToken): string {
  const html = tools.formula?.(math.tex, math.isDisplay) ?? `<code>${escaped(math.tex)}</code>`;
  const isWide = math.isDisplay || math.tex.length > WIDE_TEX;
  return isWide ? `<span class="display" tabindex="0">${html}</span>` : html;
}

/** A Markdown reader of one text that draws with these tools and keeps its footnotes. */
export function markdownWith(tools: Tools, notes = new Footnotes()): Marked {
  const plain = new Renderer();
  return new Marked({
    gfm: true,
    hooks: { provideLexer: () => (text, options) => new BoundedLexer(options).lex(text) },
    extensions: [...mathExtensions((math) => formula(tools, math)), ...footnoteExtensions(notes)],
    renderer: {
      code: ({ text, lang }: Tokens.Code) => codeBlock(tools, text, lang),
      html: ({ text }: Tokens.HTML | Tokens.Tag) => rawHtml(text),
      link({ href, title, tokens }: Tokens.Link) {
        return anchor(href, title, this.parser.parseInline(tokens));
      },
      // A picture from elsewhere would tell elsewhere who reads what; a link waits for the reader's will.
      image: ({ href, text }: Tokens.Image) => anchor(href, null, escaped(text || href)),
      // Models begin with any depth; below the h2 of a question only these two never skip a level.
      heading({ tokens, depth }: Tokens.Heading) {
        const level = depth <= 3 ? 3 : 4;
        return `<h${level} class="depth-${depth}">${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
      listitem(item: Tokens.ListItem) {
        const inside = this.parser.parse(item.tokens);
        return `<li${item.task ? ' class="task"' : ''}>${inside}</li>\n`;
      },
      checkbox({ checked }: Tokens.Checkbox) {
        const state = /* @wc-include */ checked ? 'done' : 'to do';
        return `<span class="check" role="img" aria-label="${state}">${checked ? '☑' : '☐'}</span> `;
      },
      table(token: Tokens.Table) {
        plain.parser = this.parser;
        const label = 'Table';
        return `<div class="table" role="region" aria-label="${label}" tabindex="0">${plain.table(token)}</div>\n`;
      },
    },
  });
}
