// Footnotes: `[^1]` in the text, `[^1]: …` anywhere. A mark becomes one only when its note is there, so that a regular
// expression such as [^abc] stays text.
import type { TokenizerAndRendererExtension, Tokens } from 'marked';

const LABEL = String.raw`\[\^([^\s[\]]{1,60})\]`;
const markRule = new RegExp(`^${LABEL}(?!:)`);
const line = String.raw`[^\n]*`;
/** The first line, lines that go on in it, and indented paragraphs. */
const noteRule = new RegExp(
  String.raw`^ {0,3}${LABEL}:[ \t]*(${line}(?:\n(?![\n#>|~\x60]| {2}|\t| ?${LABEL}:)${line}|\n+(?: {2,}|\t)${line})*)(?:\n+|$)`,
);

export interface Footnote {
  readonly number: number;
  readonly text: string;
}

/** The notes of one text. They are numbered in the order in which the text refers to them. */
export class Footnotes {
  readonly #texts = new Map<string, string>();
  readonly #numbers = new Map<string, number>();

  /** How many are defined: what changes when another reference can become a mark. */
  get size(): number {
    return this.#texts.size;
  }

  define(label: string, text: string): void {
    this.#texts.set(label, text);
  }

  numberOf(label: string): number | undefined {
    if (!this.#texts.has(label)) return undefined;
    const number = this.#numbers.get(label) ?? this.#numbers.size + 1;
    this.#numbers.set(label, number);
    return number;
  }

  /** Those that were referred to. */
  get referred(): Footnote[] {
    return [...this.#numbers].map(([label, number]) => ({
      number,
      text: this.#texts.get(label) ?? '',
    }));
  }
}

function marked(number: number): string {
  const label = `Footnote ${number}`;
  return `<sup><button type="button" data-note="${number}" aria-label="${label}">${number}</button></sup>`;
}

const withoutIndent = (text: string) => text.replace(/\n(?: {2,4}|\t)/g, '\n').trim();

/** The rules for marked. Reading a definition remembers its note. */
export function footnoteExtensions(notes: Footnotes): TokenizerAndRendererExtension[] {
  return [
    {
      name: 'footnoteDefinition',
      level: 'block',
      start: (source) => /\n {0,3}\[\^/.exec(source)?.index,
      tokenizer(source) {
        const match = noteRule.exec(source);
        if (!match?.[1]) return undefined;
        notes.define(match[1], withoutIndent(match[2] ?? ''));
        return { type: 'footnoteDefinition', raw: match[0] };
      },
      renderer: () => '',
    },
    {
      name: 'footnoteMark',
      level: 'inline',
      tokenizer(source) {
        const match = markRule.exec(source);
        const number = match?.[1] === undefined ? undefined : notes.numberOf(match[1]);
        if (!match || number === undefined) return undefined;
        return { type: 'footnoteMark', raw: match[0], number };
      },
      renderer: (token: Tokens.Generic) => marked(token.number),
    },
  ];
}
