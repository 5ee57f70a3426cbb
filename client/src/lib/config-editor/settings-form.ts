// What a form of settings reads, and how it changes the text.
import { type Path, type Setting, shapeOf } from './schema.ts';
import type { Value } from './yaml-splice.ts';
import { readText, valueAt, withItem, withSetting } from './yaml-text.ts';

export interface SettingsForm {
  readonly isReadOnly: boolean;
  /** Why there is no form; null when there is one. */
  readonly mistake: string | null;
  valueAt(path: Path): unknown;
  /** Whether it can only be changed in the text. */
  isLocked(path: Path): boolean;
  set(path: Path, value: Value | undefined): void;
  add(path: Path, item: Value): void;
}

const MARK = /^\(kept secret/;
const NUMBER = /^-?\d+(\.\d+)?$/;

export function settingsForm(
  text: string,
  isReadOnly: boolean,
  onchange: (text: string) => void,
): SettingsForm {
  const { data, mistake, isShared } = readText(text);
  return {
    isReadOnly,
    mistake,
    valueAt: (path) => valueAt(data, path),
    isLocked: (path) => isReadOnly || isShared(path),
    set: (path, value) => onchange(withSetting(text, path, value)),
    add: (path, item) => onchange(withItem(text, path, item)),
  };
}

export const isKeptSecret = (value: unknown): boolean => MARK.test(String(value));

/** What a field shows of a value. */
export function shownOf(value: unknown): string {
  if (value === undefined || value === null || isKeptSecret(value)) return '';
  if (Array.isArray(value)) return value.map(String).join('\n');
  return typeof value === 'object' ? '' : String(value);
}

/** The value that a field means; undefined when nothing is written. */
export function meantBy(shown: string, setting: Setting): Value | undefined {
  const text = shown.trim();
  const shape = shapeOf(setting);
  if (text === '') return undefined;
  if (shape === 'flag' && /^(true|false)$/.test(text)) return text === 'true';
  // An amount with a comma, as many write it, is meant as one.
  const amount = text.replace(/^(-?\d+),(\d+)$/, '$1.$2');
  if (shape === 'number' && NUMBER.test(amount)) return Number(amount);
  if (shape !== 'texts') return shape === 'text' ? shown.trimEnd() : text;
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Settings of a block that the form does not know, and leaves as they are. */
export function unknownKeys(value: unknown, { properties = {} }: Setting): string[] {
  const isBlock = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isBlock ? Object.keys(value).filter((key) => !(key in properties)) : [];
}
