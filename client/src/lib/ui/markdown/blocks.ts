// Splits a growing Markdown text into blocks, so that what is finished is never looked at again: a chunk costs the
// same at the end of a long answer as at its start.
import { Lexer, type Marked } from 'marked';

export type Block =
  | { readonly kind: 'markdown'; readonly text: string }
  /** A fence that is not closed yet; `parts` but for the last never change. */
  | { readonly kind: 'openCode'; readonly language: string; readonly parts: readonly string[] };

const PART_LINES = 48;
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

export class BlockSplitter {
  /** Blocks that no further text can change. */
  readonly finished: Block[] = [];
  /** Link reference definitions so far, for the blocks that refer to them. */
  definitions = '';
  readonly #marked: Marked;
  /** Whole lines that are not yet known to be finished blocks. */
  #pending = '';
  /** The line that has no end yet. */
  #line = '';
  #fence: Fence | undefined;
  /** The kind of the last pending block, when `#isSettled`. */
  #type: string | undefined;
  #isSettled = true;

  constructor(marked: Marked) {
    this.#marked = marked;
  }

  append(added: string): void {
    const text = added.replaceAll('\r', '');
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      this.#line += text;
      return;
    }
    const whole = this.#line + text.slice(0, end);
    this.#line = text.slice(end + 1);
    for (const line of whole.split('\n')) this.#take(line);
    if (!this.#fence) this.#settle();
  }

  /** What follows the finished blocks, as it stands now. */
  get last(): Block | undefined {
    if (this.#fence) {
      const { language, parts, lines } = this.#fence;
      return { kind: 'openCode', language, parts: [...parts, [...lines, this.#line].join('\n')] };
    }
    const text = this.#pending + this.#line;
    return text.trim() ? { kind: 'markdown', text } : undefined;
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
  }

  #takeCode(fence: Fence, line: string): void {
    if (fence.closing.test(line)) {
      const code = [...fence.parts, ...fence.lines.map((each) => `${each}\n`)].join('');
      this.#finish(`${fence.opening}\n${code}${line}\n`);
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

  /** Moves finished blocks out of what is pending: all but the last, which the next line may still continue. */
  #settle(): void {
    if (this.#isSettled) return;
    const tokens = new Lexer(this.#marked.defaults).blockTokens(this.#pending, []);
    const last = tokens.findLastIndex((token) => token.type !== 'space');
    for (const token of tokens.slice(0, Math.max(last, 0))) {
      if (token.type === 'def') this.definitions += token.raw;
      else this.#finish(token.raw);
    }
    const rest = tokens.slice(Math.max(last, 0));
    this.#pending = rest.map((token) => token.raw).join('');
    this.#type = tokens[last]?.type;
    this.#isSettled = true;
  }

  #finish(text: string): void {
    if (text.trim()) this.finished.push({ kind: 'markdown', text });
  }
}
