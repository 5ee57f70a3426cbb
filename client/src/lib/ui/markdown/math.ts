// Finds TeX in Markdown: $…$ and \(…\) in a line, $$…$$ and \[…\] as a display. Code is never looked into, because the
// lexer reaches these rules only outside of it, and an amount of dollars stays text.
import type { TokenizerAndRendererExtension, Tokens } from 'marked';

export interface MathToken extends Tokens.Generic {
  type: 'mathBlock' | 'mathInline';
  tex: string;
  isDisplay: boolean;
}

// A display holds no empty line, as in TeX itself: so a lone $$ can't swallow the rest of an answer.
// Nor is it looked for endlessly: an answer of nothing but openings would hold up the page.
const line = String.raw`(?:(?!\n[ \t]*\n)[\s\S]){1,4000}?`;
const blockRules = [
  new RegExp(String.raw`^ {0,3}\$\$(${line})\$\$[ \t]*(?:\n+|$)`),
  new RegExp(String.raw`^ {0,3}\\\[(${line})\\\][ \t]*(?:\n+|$)`),
];
const displayRules = [
  new RegExp(String.raw`^\$\$(${line})\$\$`),
  new RegExp(String.raw`^\\\[(${line})\\\]`),
];
const parenRule = new RegExp(String.raw`^\\\((${line})\\\)`);
const dollarRule = /^\$(?![\s$])((?:\\[^\n]|[^\\$\n`])*?(?:\\[^\n]|[^\\$\n\s`]))\$(?![\w$])/;

/** "$5 apples and 3$": a number followed by a word is money, whatever comes later. */
const money = /^\d[\d.,]*\s+\(?[a-z]{2,}/i;

const firstMatch = (rules: readonly RegExp[], source: string) => {
  for (const rule of rules) {
    const match = rule.exec(source);
    if (match?.[1]?.trim()) return match;
  }
  return null;
};

const token = (type: MathToken['type'], match: RegExpExecArray, isDisplay: boolean): MathToken => ({
  type,
  raw: match[0],
  tex: (match[1] ?? '').trim(),
  isDisplay,
});

function inlineMath(source: string): MathToken | undefined {
  const display = firstMatch(displayRules, source);
  if (display) return token('mathInline', display, true);
  const inline = firstMatch([parenRule, dollarRule], source);
  if (!inline || (source.startsWith('$') && money.test(inline[1] ?? ''))) return undefined;
  return token('mathInline', inline, false);
}

function blockMath(source: string): MathToken | undefined {
  const match = firstMatch(blockRules, source);
  return match ? token('mathBlock', match, true) : undefined;
}

/** The rules for marked; `render` gives the HTML of one formula. */
export function mathExtensions(
  render: (math: MathToken) => string,
): TokenizerAndRendererExtension[] {
  const renderer = (found: Tokens.Generic) => render(found as MathToken);
  return [
    {
      name: 'mathBlock',
      level: 'block',
      start: (source) => /\n {0,3}(?:\$\$|\\\[)/.exec(source)?.index,
      tokenizer: blockMath,
      renderer,
    },
    {
      name: 'mathInline',
      level: 'inline',
      // Asked again at each word: at a backslash marked stops by itself.
      start: (source) => source.indexOf('$'),
      tokenizer: inlineMath,
      renderer,
    },
  ];
}
