// Which announcement its reader has closed: a digest of it is kept, so that any change shows it again.
const KEY = 'lumen.announcement';
const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** FNV-1a, 16 hex digits. Browsers offer no digest of their own to pages that came over plain HTTP. */
export function digest(text: string): string {
  let hash = OFFSET_BASIS;
  for (const byte of new TextEncoder().encode(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  return hash.toString(16).padStart(16, '0');
}

export const isDismissed = (text: string): boolean => localStorage.getItem(KEY) === digest(text);

export const dismiss = (text: string): void => localStorage.setItem(KEY, digest(text));

/** There is none any more: the same words, told again, are a new announcement. */
export const forgetDismissal = (): void => localStorage.removeItem(KEY);
