// Splits a growing Markdown text into blocks, so that what is finished is never looked at again: a chunk costs the
// same at the end of a long answer as at its start.
import { Lexer, type Marked, type Token, type Tokens } from 'marked';

export type Block =
  | {
      readonly kind: 'markdown';
      readonly text: string;
      /** It goes on with the paragraph of the block before it. */
      readonly isContinued?: true | undefined;
    }
  /** A fence that is not closed yet; `parts` but for the last never change. */
  | { readonly kind: 'openCode'; readonly language: string; readonly parts: readonly string[] };

const PART_LINES = 48;
/** A list is finished so many items at a time. */
const PART_ITEMS = 48;
/** Whoever reads so many lines as one paragraph reads the next ones as another: what grows endlessly is not looked at so. */
const PARAGRAPH_LINES = 100;
const PARAGRAPH_CHARACTERS = 8_000;
const LONG = { lines: PARAGRAPH_LINES, characters: PARAGRAPH_CHARACTERS };
const lastWordBreak = /^.*\s(?=\p{L})/su;
/** A line that can't end a list: empty, indented, or the next item. */
const goesOnInList = /^(?:\s|$|[-*+]\s|\d{1,9}[.)]\s)/;
const openingFence = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^`\n]*$/;

interface Fence {
  readonly opening: string;
  readonly language: string;
  readonly closing: RegExp;
  readonly parts: string[];
  lines: string[];
}

function fenceFrom(line: string): Fence | undefined {
  const match = openingFence.exec(line);
  const mark = match?.[1];
  if (!mark) return undefined;
  const closing = new RegExp(`^ {0,3}\\${mark[0]}{${mark.length},}[ \\t]*$`);
  return { opening: line, language: match[2] ?? '', closing, parts: [], lines: [] };
}

function closed({ opening, parts, lines }: Fence, line: string): string {
  const code = [...parts, ...lines.map((each) => `${each}\n`)].join('');
  return `${opening}\n${code}${line}\n`;
}

/** As marked compares labels. */
const normal = (label: string) => label.toLowerCase().replace(/\s+/g, ' ');

const rawOf = (tokens: readonly { readonly raw: string }[]) =>
  tokens.map((token) => token.raw).join('');

/** What is in a block that is nothing but a diagram; undefined for all others. */
export function diagramIn(block: string): string | undefined {
  const [first = '', ...rest] = block.trimEnd().split('\n');
  const fence = fenceFrom(first);
  if (fence?.language !== 'mermaid') return undefined;
  const end = rest.findIndex((line) => fence.closing.test(line));
  return end >= 0 && end === rest.length - 1 ? rest.slice(0, end).join('\n') : undefined;
}

export class BlockSplitter {
  /** Blocks that no further text can change. */
  readonly finished: Block[] = [];
  /** Link reference definitions so far, by their labels. */
  readonly #definitions = new Map<string, string>();
  readonly #marked: Marked;
  /** What is pending begins amid a line. */
  #isContinued: true | undefined;
  /** Whole lines that are not yet known to be finished blocks. */
  #pending = '';
  /** The line that has no end yet. */
  #line = '';
  #fence: Fence | undefined;
  /** The kind of the last pending block, when `#isSettled`. */
  #type: string | undefined;
  #isSettled = true;
  /** Lines that a pending list has grown by since it was looked at. */
  #listLines = 0;
  /** Of what is pending. */
  #lines = 0;
  /** When so much is pending it is looked at whether it is too long a paragraph. */
  #longAt = LONG;

  constructor(marked: Marked) {
    this.#marked = marked;
  }

  append(added: string): void {
    const text = added.replaceAll('\r', '');
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      this.#line += text;
    } else {
      const whole = this.#line + text.slice(0, end);
      this.#line = text.slice(end + 1);
      for (const line of whole.split('\n')) this.#take(line);
      if (!this.#fence) this.#settle();
    }
    if (!this.#fence) this.#cutLine();
  }

  /** Reads the definitions at the end, which `last` may still be growing. */
  readLast(): void {
    const { last } = this;
    if (last?.kind === 'markdown' && /^ {0,3}\[\^/m.test(last.text)) this.#tokens(last.text);
  }

  /** The definitions of the links that a block may refer to, to be read with it. */
  definitionsFor(block: string): string {
    const labels = block.match(/\[[^[\]]+\]/g) ?? [];
    const found = new Set(labels.map((label) => this.#definitions.get(normal(label.slice(1, -1)))));
    return [...found].join('\n');
  }

  #define({ tag, raw }: Tokens.Def): void {
    if (!this.#definitions.has(tag)) this.#definitions.set(tag, raw);
  }

  /** What follows the finished blocks, as it stands now. */
  get last(): Block | undefined {
    if (this.#fence) return this.#lastCode(this.#fence);
    const text = this.#pending + this.#line;
    return text.trim() ? { kind: 'markdown', text, isContinued: this.#isContinued } : undefined;
  }

  /** A text may end with the closing fence, and without the end of its line. */
  #lastCode(fence: Fence): Block {
    const { language, parts, lines } = fence;
    if (fence.closing.test(this.#line))
      return { kind: 'markdown', text: closed(fence, this.#line) };
    return { kind: 'openCode', language, parts: [...parts, [...lines, this.#line].join('\n')] };
  }

  #take(line: string): void {
    if (this.#fence) {
      this.#takeCode(this.#fence, line);
      return;
    }
    const fence = fenceFrom(line);
    if (fence && this.#canBegin(line)) {
      this.#settle();
      this.#finish(this.#pending);
      this.#pending = '';
      this.#fence = fence;
      return;
    }
    this.#pending += `${line}\n`;
    this.#isSettled &&= this.#type === 'list' && goesOnInList.test(line);
    this.#listLines += 1;
    if (this.#listLines >= PART_ITEMS) this.#isSettled = false;
    this.#lines += 1;
    const { lines, characters } = this.#longAt;
    if (this.#lines >= lines || this.#pending.length >= characters) this.#cutParagraph();
  }

  /** What is long and no paragraph, such as a table, is looked at again when it is twice as long. */
  #cutParagraph(): void {
    this.#isSettled = false;
    this.#settle();
    if (this.#type === 'paragraph') {
      this.#finish(this.#pending);
      this.#pending = '';
      this.#lines = 0;
    }
    this.#longAt = {
      lines: Math.max(PARAGRAPH_LINES, this.#lines * 2),
      characters: Math.max(PARAGRAPH_CHARACTERS, this.#pending.length * 2),
    };
  }

  #takeCode(fence: Fence, line: string): void {
    if (fence.closing.test(line)) {
      this.#finish(closed(fence, line));
      this.#fence = undefined;
      return;
    }
    fence.lines.push(line);
    if (fence.lines.length < PART_LINES) return;
    fence.parts.push(`${fence.lines.join('\n')}\n`);
    fence.lines = [];
  }

  /** An opening fence belongs to the list that it is indented in, and to an HTML block that no empty line has ended. */
  #canBegin(line: string): boolean {
    if (!this.#isSettled) this.#settle();
    if (this.#type === 'list') return !line.startsWith(' ');
    return this.#type !== 'html' || this.#pending.endsWith('\n\n');
  }

  /** A line without end is finished part by part, between two words. */
  #cutLine(): void {
    if (this.#type !== undefined && this.#type !== 'paragraph') return;
    while (this.#pending.length + this.#line.length > PARAGRAPH_CHARACTERS) {
      const text = this.#pending + this.#line;
      const part = text.slice(0, PARAGRAPH_CHARACTERS);
      const [first, ...more] = this.#tokens(part);
      const end = lastWordBreak.exec(part)?.[0].length;
      if (first?.type !== 'paragraph' || more.length > 0 || end === undefined) return;
      this.#finish(text.slice(0, end));
      this.#line = text.slice(Math.max(end, this.#pending.length));
      this.#pending = this.#pending.slice(end);
      this.#isContinued = true;
    }
  }

  /** Moves finished blocks out of what is pending: all but the last, which the next line may still continue. */
  #settle(): void {
    if (this.#isSettled) return;
    const tokens = this.#tokens(this.#pending);
    const last = tokens.findLastIndex((token) => token.type !== 'space');
    for (const token of tokens.slice(0, Math.max(last, 0))) {
      if (token.type === 'def') this.#define(token as Tokens.Def);
      else if (token.type !== 'footnoteDefinition') this.#finish(token.raw);
    }
    this.#pending = this.#restOf(tokens.slice(Math.max(last, 0)));
    this.#type = tokens[last]?.type;
    this.#isSettled = true;
    this.#listLines = 0;
    this.#lines = this.#pending.split('\n').length - 1;
    if (this.#pending.length < LONG.characters && this.#lines < LONG.lines) this.#longAt = LONG;
  }

  /** A text that overflows the stack of the parser is one block: whoever draws it shows it as it was written. */
  #tokens(text: string): readonly Token[] {
    try {
      return new Lexer(this.#marked.defaults).blockTokens(text, []);
    } catch {
      return [{ type: 'paragraph', raw: text, text }];
    }
  }

  /** What stays pending of the last block: of a long list, only its last items. */
  #restOf(tokens: readonly Token[]): string {
    const raw = rawOf(tokens);
    const items = tokens[0]?.type === 'list' ? (tokens[0] as Tokens.List).items : [];
    if (items.length <= PART_ITEMS) return raw;
    const finished = rawOf(items.slice(0, -2));
    this.#finish(finished);
    return raw.slice(finished.length);
  }

  #finish(text: string): void {
    if (!text.trim()) return;
    this.finished.push({ kind: 'markdown', text, isContinued: this.#isContinued });
    this.#isContinued = undefined;
  }
}
