// Markdown as text for where marks would stand in the way: a letter, a form, a slide. Loaded when somebody copies so.
import type { Token, Tokens } from 'marked';
import { BoundedLexer } from './bounded-lexer.ts';
import { markdownWith } from './render.ts';

const reader = markdownWith({ formula: undefined, highlight: undefined });

const inline = (tokens: readonly Token[] | undefined, otherwise: string): string =>
  tokens ? tokens.map(textOf).join('') : otherwise;

function entry(item: Tokens.ListItem, mark: string): string {
  const parts = item.tokens.map((token) => textOf(token).trim());
  const text = parts.filter(Boolean).join('\n');
  return `${mark} ${text.replaceAll('\n', '\n  ')}`;
}

function list({ ordered, start, items }: Tokens.List): string {
  const first = Number(start) || 1;
  const marks = (item: Tokens.ListItem, at: number) => {
    if (item.task) return item.checked ? '☑' : '☐';
    return ordered ? `${first + at}.` : '•';
  };
  return items.map((item, at) => entry(item, marks(item, at))).join('\n');
}

function table({ header, rows }: Tokens.Table): string {
  const cells = (row: readonly Tokens.TableCell[]) =>
    row.map((cell) => inline(cell.tokens, cell.text)).join('\t');
  return [header, ...rows].map(cells).join('\n');
}

function link({ href, text, tokens }: Tokens.Link): string {
  const label = inline(tokens, text);
  return label === href || href === `mailto:${label}` ? label : `${label} (${href})`;
}

const parts: Readonly<Record<string, (token: never) => string>> = {
  space: () => '\n',
  hr: () => '—\n\n',
  br: () => '\n',
  checkbox: () => '',
  code: ({ text }: Tokens.Code) => `${text}\n\n`,
  list: (token: Tokens.List) => `${list(token)}\n\n`,
  table: (token: Tokens.Table) => `${table(token)}\n\n`,
  link,
  image: ({ href, text }: Tokens.Image) => (text ? `${text} (${href})` : href),
  mathBlock: ({ tex }: Tokens.Generic) => `${tex}\n\n`,
  mathInline: ({ tex }: Tokens.Generic) => tex,
  footnoteMark: ({ number }: Tokens.Generic) => `[${number}]`,
  footnoteDefinition: ({ raw }: Tokens.Generic) => raw.replace(/^ *\[\^(.+?)\]: */, '[$1] '),
  heading: ({ tokens, text }: Tokens.Heading) => `${inline(tokens, text)}\n\n`,
  paragraph: ({ tokens, text }: Tokens.Paragraph) => `${inline(tokens, text)}\n\n`,
  blockquote: ({ tokens, text }: Tokens.Blockquote) => inline(tokens, text),
};

function textOf(token: Token): string {
  const write = parts[token.type];
  if (write) return write(token as never);
  const { tokens, text, raw } = token as Tokens.Generic;
  return inline(tokens, text ?? raw);
}

/** The words of a Markdown text, without its marks. */
export function plainText(markdown: string): string {
  const text = new BoundedLexer(reader.defaults).lex(markdown).map(textOf).join('');
  return text.replace(/\n{3,}/g, '\n\n').trim();
}
