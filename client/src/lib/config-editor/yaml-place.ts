// Where in a YAML text a place is, by indentation alone: a text that is being written is seldom right.
import type { Path } from './schema.ts';

export interface YamlPlace {
  /** Of the block around a key, or of the setting whose value stands here. */
  readonly path: Path;
  readonly isValue: boolean;
  /** Column at which the word begins that is being written. */
  readonly from: number;
}

interface Line {
  /** Columns of the dashes of list items. */
  readonly dashes: readonly number[];
  readonly column: number;
  readonly key: string | null;
  readonly isOpen: boolean;
}

const KEY = /^("[^"]*"|'[^']*'|[^\s#'"[\]{},&*!|>%@`-][^:#]*?)\s*:(\s+|$)/;
const VALUE_TO_COME = /^(&\S+\s*)?(#.*)?$/;

export function placeAt(lines: readonly string[], index: number, column: number): YamlPlace | null {
  const text = (lines[index] ?? '').slice(0, column);
  if (/(^|\s)#/.test(text)) return null;
  const here = lineOf(text);
  const path = pathAbove(lines, index, here);
  const word = /[^\s]*$/.exec(text)?.[0].length ?? 0;
  const from = column - word;
  return here.key === null
    ? { path, isValue: false, from: Math.max(from, here.column) }
    : { path: [...path, here.key], isValue: true, from };
}

/** Keys that the block around a line has already. */
export function siblingKeys(lines: readonly string[], index: number): Set<string> {
  const { column, dashes } = lineOf(lines[index] ?? '');
  const isFirst = dashes.length > 0;
  const above = isFirst ? [] : keysUntilEnd(lines.slice(0, index).toReversed(), column, true);
  return new Set([...above, ...keysUntilEnd(lines.slice(index + 1), column, false)]);
}

/** A list item begins with its dash: upwards its line is the last one, downwards the next one's is too much. */
function keysUntilEnd(lines: readonly string[], column: number, isUpwards: boolean): string[] {
  const keyed = lines.map(lineOf).filter(({ key }) => key !== null);
  const end = keyed.findIndex(
    (line) => line.column < column || (line.column === column && line.dashes.length > 0),
  );
  const last = keyed[end];
  const isFirstOfItem = isUpwards && last?.column === column;
  return (end < 0 ? keyed : keyed.slice(0, end + (isFirstOfItem ? 1 : 0))).flatMap((line) =>
    line.column === column && line.key !== null ? [line.key] : [],
  );
}

function pathAbove(lines: readonly string[], index: number, here: Line): Path {
  const climb = new Climb(here.column);
  climb.enterLists(here);
  for (let at = index - 1; at >= 0 && !climb.isAtTop; at--) climb.pass(lineOf(lines[at] ?? ''));
  return climb.path;
}

/** A way up through the lines, to the blocks and lists around the first one. */
class Climb {
  readonly path: (string | number)[] = [];
  /** Only what stands left of it is around. */
  #limit: number;
  #isInList = false;

  constructor(column: number) {
    this.#limit = column;
  }

  get isAtTop(): boolean {
    return this.#limit === 0 && !this.#isInList;
  }

  pass(line: Line): void {
    // A list may stand in the same column as the key that it belongs to.
    const limit = this.#limit + (this.#isInList ? 1 : 0);
    if (line.key !== null && line.isOpen && line.column < limit) {
      this.path.unshift(line.key);
      [this.#limit, this.#isInList] = [line.column, false];
    }
    this.enterLists(line);
  }

  enterLists({ dashes }: Line): void {
    for (const dash of dashes.toReversed()) {
      if (dash >= this.#limit) continue;
      this.path.unshift(0);
      [this.#limit, this.#isInList] = [dash, true];
    }
  }
}

function lineOf(text: string): Line {
  const lead = /^\s*(?:-\s+)*/.exec(text)?.[0] ?? '';
  const dashes = [...lead].flatMap((sign, column) => (sign === '-' ? [column] : []));
  const [all = '', name] = KEY.exec(text.slice(lead.length)) ?? [];
  const key = name?.replace(/^(["'])(.*)\1$/, '$2') ?? null;
  const isOpen = VALUE_TO_COME.test(text.slice(lead.length + all.length).trim());
  return { dashes, column: lead.length, key, isOpen };
}
