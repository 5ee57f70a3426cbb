// Changes single settings of a YAML text. What is not asked for stays: comments, unknown settings and, wherever that is
// possible, each other byte.
import { type Document, isAlias, isScalar, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import type { Path } from './schema.ts';
import { added, nested, removed, rewritten, type Value, withLineEndsOf } from './yaml-splice.ts';

export interface YamlText {
  /** What the text says; null while it is not YAML. */
  readonly data: unknown;
  /** Why it is not; null when it is. */
  readonly mistake: string | null;
  /** Whether an alias stands there, so that one change would be made in several places. */
  isShared(path: Path): boolean;
}

const parse = (text: string): Document => parseDocument(text, { merge: true });

export function readText(text: string): YamlText {
  const document = parse(text);
  const [error] = document.errors;
  return {
    data: error ? null : dataOf(document),
    mistake: error?.message.split('\n', 1)[0] ?? null,
    isShared: (path) => path.some((_, at) => isAlias(document.getIn(path.slice(0, at + 1), true))),
  };
}

/** The text with the setting; undefined takes it out. */
export function withSetting(text: string, path: Path, value: Value | undefined): string {
  const document = parse(text);
  if (value === undefined) {
    const spliced = removed(text, document, path);
    return keepingBytes(text, document, spliced, () => document.deleteIn(path));
  }
  const place = document.hasIn(path) && !isEmpty(document.getIn(path, true)) ? rewritten : added;
  const spliced = place(text, document, path, value);
  return keepingBytes(text, document, spliced, () => put(document, path, value));
}

/** The text with another item at the end of a list. */
export function withItem(text: string, path: Path, item: Value): string {
  const document = parse(text);
  const list = document.getIn(path, true);
  const end = isSeq(list) ? list.items.length : 0;
  return keepingBytes(text, document, added(text, document, [...path, end], item), () => {
    if (isSeq(list)) list.add(document.createNode(item));
    else put(document, path, [item]);
  });
}

/** The splice where it says what the changed document says; else the document, in the style of its own. */
function keepingBytes(
  text: string,
  document: Document,
  spliced: string | null,
  change: () => void,
): string {
  change();
  if (spliced !== null && isSame(parse(spliced), document)) return spliced;
  return withLineEndsOf(text, document.toString({ lineWidth: 0 }));
}

function put(document: Document, path: Path, value: Value): void {
  const node = document.getIn(path, true);
  if (Array.isArray(value) && isSeq(node)) {
    putItems(node, value);
    return;
  }
  const empty = path.findIndex((_, at) => isEmpty(document.getIn(path.slice(0, at + 1), true)));
  const isBelow = empty >= 0 && empty < path.length - 1;
  const at = isBelow ? path.slice(0, empty + 1) : path;
  const inner = path.slice(at.length).reduceRight<Value>(nested, value);
  document.setIn(at, document.createNode(inner));
}

/** Items that stay keep their comments. */
function putItems(list: YAMLSeq, items: readonly Value[]): void {
  const rest = [...items];
  list.items = list.items.filter((item) => {
    const at = isScalar(item) ? rest.indexOf(String(item.value)) : -1;
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
  for (const item of rest) list.add(item);
}

const isEmpty = (node: unknown): boolean => isScalar(node) && node.value === null;

function dataOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 1000 });
  } catch {
    return null;
  }
}

const isSame = (a: Document, b: Document): boolean =>
  a.errors.length === 0 && JSON.stringify(dataOf(a)) === JSON.stringify(dataOf(b));

/** The value at a path of plain data. */
export const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    data,
  );
