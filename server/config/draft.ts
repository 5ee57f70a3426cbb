import type { Path } from './problem.ts';
import { isMapping } from './yaml-file.ts';

/** Where a value came from: another place of the file, or an environment variable. */
export type Origin = Path | { readonly variable: string };

/** A configuration on its way to the newest form; it remembers where each value was written. */
export class Draft {
  readonly #origins: { readonly path: Path; readonly origin: Origin }[] = [];
  readonly #notices = new Map<string, Path[]>();
  readonly #conflicts: { readonly path: Path; readonly message: string }[] = [];
  readonly data: Record<string, unknown>;
  readonly #source: Readonly<Record<string, unknown>>;

  /** @param source the file as it was written, before `${NAME}` was filled in; messages may quote it */
  constructor(data: Record<string, unknown>, source: Readonly<Record<string, unknown>> = data) {
    this.data = data;
    this.#source = source;
  }

  /** Old keys that were understood, each with its newest form, and the places where they stood. */
  get notices(): ReadonlyMap<string, readonly Path[]> {
    return this.#notices;
  }

  get conflicts(): readonly { readonly path: Path; readonly message: string }[] {
    return this.#conflicts;
  }

  at(path: Path): unknown {
    return valueAt(this.data, path);
  }

  /** What the file says at the place where the value came from; undefined for an environment variable. */
  written(path: Path): unknown {
    const origin = this.originOf(path);
    return 'variable' in origin ? undefined : valueAt(this.#source, origin);
  }

  /** The names of the entries of a block; none when there is no block. */
  keys(path: Path): string[] {
    const block = this.at(path);
    return isMapping(block) ? Object.keys(block) : [];
  }

  has(path: Path): boolean {
    return this.at(path) !== undefined;
  }

  /** Writes a value, making the blocks around it; does nothing where something other than a block is in the way. */
  set(path: Path, value: unknown, origin: Origin): void {
    const key = path.at(-1);
    const block = this.#blockAt(path.slice(0, -1));
    if (!block || key === undefined) return;
    block[key] = value;
    this.#origins.push({ path, origin });
  }

  /** Adds a value to a list, unless it is there. */
  append(path: Path, value: unknown, origin: Origin): void {
    const found = this.at(path);
    const list = Array.isArray(found) ? found : found === undefined ? [] : [found];
    if (list.includes(value)) return;
    if (found !== list) this.set(path, list, origin);
    list.push(value);
    this.#origins.push({ path: [...path, list.length - 1], origin });
  }

  remove(path: Path): void {
    const block = this.at(path.slice(0, -1));
    const key = path.at(-1);
    if (isMapping(block) && key !== undefined) delete block[key];
  }

  /** Moves a value to its newest place; one that stands there already wins. */
  move(from: Path, to: Path): void {
    const value = this.at(from);
    this.remove(from);
    if (value !== undefined && !this.has(to)) this.set(to, value, from);
  }

  /** Says that an old form was read, and what to write today. */
  notice(old: string, modern: string, path: Path): void {
    const key = `${old} → ${modern}`;
    this.#notices.set(key, [...(this.#notices.get(key) ?? []), path]);
  }

  conflict(path: Path, message: string): void {
    this.#conflicts.push({ path, message });
  }

  originOf(path: Path): Origin {
    const moved = this.#origins.findLast((known) => startsWith(path, known.path));
    if (!moved) return path;
    if ('variable' in moved.origin) return moved.origin;
    return [...moved.origin, ...path.slice(moved.path.length)];
  }

  #blockAt(path: Path): Record<string | number, unknown> | null {
    let value: unknown = this.data;
    for (const key of path) {
      const next = child(value, key);
      if (next === undefined && isMapping(value)) value[key] = {};
      value = child(value, key);
    }
    return isMapping(value) ? value : null;
  }
}

const valueAt = (data: unknown, path: Path): unknown => path.reduce(child, data);

function child(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[Number(key)];
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

const startsWith = (path: Path, prefix: Path): boolean =>
  prefix.every((key, index) => path[index] === key);
