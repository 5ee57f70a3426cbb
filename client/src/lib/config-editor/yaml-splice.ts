// Changes of a YAML text in the style in which people write it: in blocks, one setting a line. Each gives null where the
// text is written otherwise; whoever asks must see that what is given means what was wanted.
import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Path } from './schema.ts';

export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [key: string]: Value };

const STEP = 2;

/** With another value in the place of one that stands on one line. */
export function rewritten(
  text: string,
  document: Document,
  path: Path,
  value: Value,
): string | null {
  const node = document.getIn(path, true);
  const inline = inlineOf(value);
  if (!isNode(node) || !node.range || inline === null) return null;
  const [start, end] = node.range;
  const isShort = isScalar(node) ? node.value !== null : isSeq(node) && node.flow === true;
  if (!isShort || text.slice(start, end).includes('\n')) return null;
  return text.slice(0, start) + inline + text.slice(end);
}

/** Without the lines of a setting or a list item; the last one of a block stays. */
export function removed(text: string, document: Document, path: Path): string | null {
  const block = document.getIn(path.slice(0, -1), true);
  const item = itemAt(block, path.at(-1));
  const start = startOf(item);
  if (!isBlock(block) || block.items.length < 2 || start === null) return null;
  const begin = lineStart(text, start);
  const isAlone = (isSeq(block) ? /^\s*-\s+$/ : /^\s*$/).test(text.slice(begin, start));
  return isAlone ? text.slice(0, begin) + text.slice(endOf(text, item)) : null;
}

/** With a setting or a list item at the end of its block; blocks that are missing are made. */
export function added(text: string, document: Document, path: Path, value: Value): string | null {
  let depth = path.length - 1;
  while (depth > 0 && !document.hasIn(path.slice(0, depth))) depth -= 1;
  const place = endOfBlock(text, document, path.slice(0, depth));
  if (!place) return null;
  const inner = path.slice(depth).reduceRight<Value>(nested, value);
  const margin = ' '.repeat(place.indent);
  const lines = stringify(inner, { lineWidth: 0, nullStr: '' }).replaceAll(/^(?=.)/gm, margin);
  const gap = place.at > 0 && text[place.at - 1] !== '\n' ? '\n' : '';
  return text.slice(0, place.at) + withLineEndsOf(text, gap + lines) + text.slice(place.at);
}

export const nested = (value: Value, key: string | number): Value =>
  typeof key === 'number' ? [value] : { [key]: value };

export const withLineEndsOf = (text: string, lines: string): string =>
  text.includes('\r\n') ? lines.replaceAll('\n', '\r\n') : lines;

function inlineOf(value: Value): string | null {
  if (typeof value === 'object' && !Array.isArray(value)) return null;
  const style = {
    lineWidth: 0,
    nullStr: '',
    collectionStyle: 'flow',
    flowCollectionPadding: false,
  } as const;
  const inline = stringify(value, style).trimEnd();
  return inline.includes('\n') ? null : inline;
}

/** Where the next item of a block would stand, and how far from the margin. */
function endOfBlock(text: string, document: Document, path: Path) {
  const block = document.getIn(path, true);
  if (isScalar(block) && block.value === null) {
    // A key without a value: what is written below it, such as settings in comments, comes after.
    const key = itemAt(document.getIn(path.slice(0, -1), true), path.at(-1));
    const start = startOf(key);
    if (start === null) return null;
    return { at: lineEnd(text, start), indent: start - lineStart(text, start) + STEP };
  }
  if (!isBlock(block)) return null;
  const start = startOf(block.items[0]);
  if (start === null) return null;
  const first = isSeq(block) ? text.lastIndexOf('-', start) : start;
  return { at: endOf(text, block.items.at(-1)), indent: first - lineStart(text, first) };
}

function itemAt(block: unknown, key: string | number | undefined): unknown {
  if (isSeq(block)) return block.items[Number(key)];
  if (!isMap(block)) return undefined;
  return block.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

const isBlock = (node: unknown): node is YAMLMap | YAMLSeq =>
  isCollection(node) && !node.flow && node.items.length > 0;

function startOf(item: unknown): number | null {
  const node = isPair(item) ? item.key : item;
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

/** After the last line of a setting or an item, with the comment behind it. */
function endOf(text: string, item: unknown): number {
  const end = lastOf(item);
  return text[end - 1] === '\n' ? end : lineEnd(text, end);
}

function lastOf(item: unknown): number {
  if (isPair(item)) return Math.max(lastOf(item.key), lastOf(item.value));
  if (isCollection(item) && !item.flow && item.items.length > 0) return lastOf(item.items.at(-1));
  return isNode(item) ? (item.range?.[1] ?? 0) : 0;
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}
