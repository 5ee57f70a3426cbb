// What docs/config.schema.json, which the server's own schema makes, says of a setting.
import whole from '../../../../docs/config.schema.json';

export type Path = readonly (string | number)[];

export interface Setting {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly items?: Setting;
  readonly additionalProperties?: Setting | boolean;
  readonly anyOf?: readonly Setting[];
  readonly required?: readonly string[];
  /** A secret: it can be written and not be read. */
  readonly writeOnly?: boolean;
}

/** How a setting is filled in. */
export type Shape = 'flag' | 'choice' | 'number' | 'text' | 'texts' | 'block' | 'list' | 'table';

export const root = whole as unknown as Setting;

/** Beside its own form a value may be the name of an environment variable, or nothing. */
function plain(setting: Setting): Setting {
  const { anyOf, ...rest } = setting;
  return anyOf?.[0] ? { ...anyOf[0], ...rest } : setting;
}

/** The setting at a path of names and positions. */
export const settingAt = (path: Path): Setting | undefined =>
  path.reduce<Setting | undefined>(within, root);

function within(outer: Setting | undefined, key: string | number): Setting | undefined {
  if (!outer) return undefined;
  const { properties, items, additionalProperties: each } = plain(outer);
  const found = typeof key === 'number' ? items : (properties?.[key] ?? each);
  return typeof found === 'object' ? plain(found) : undefined;
}

export function shapeOf(setting: Setting): Shape {
  const { type, enum: words, properties, items, additionalProperties } = plain(setting);
  const types = [type].flat();
  if (words) return 'choice';
  if (properties) return 'block';
  if (items) return plain(items).properties ? 'list' : 'texts';
  if (typeof additionalProperties === 'object') return 'table';
  if (types.includes('boolean')) return 'flag';
  return types.includes('integer') || types[0] === 'number' ? 'number' : 'text';
}

/** What holds when nothing is written; empty when there is no such thing. */
export function standardOf({ default: standard }: Setting): string {
  if (standard === undefined || standard === '' || typeof standard === 'object') return '';
  return String(standard);
}

/** `needs_ack` as a label: "Needs ack". */
export const labelOf = (key: string): string =>
  (key.charAt(0).toUpperCase() + key.slice(1)).replaceAll('_', ' ');
