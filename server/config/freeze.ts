const CHANGES = ['set', 'add', 'delete', 'clear'];

/** Makes a value unchangeable with all that it holds, maps and sets included. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const isTable = value instanceof Map || value instanceof Set;
  const parts: Iterable<unknown> = isTable ? value.values() : Object.values(value);
  for (const part of parts) deepFreeze(part);
  if (isTable) {
    for (const change of CHANGES) Object.defineProperty(value, change, { value: refuse });
  }
  return Object.freeze(value);
}

function refuse(): never {
  throw new TypeError('A configuration is never changed; a new one replaces it.');
}
