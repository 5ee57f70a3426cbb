import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  digest,
  dismiss,
  forgetDismissal,
  isDismissed,
} from '../../../client/src/lib/ui/dismissal.ts';

const LINK = 'Read the [news](https://a.example.edu)';

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});
afterEach(() => vi.unstubAllGlobals());

test('the digest is FNV-1a of the UTF-8 bytes, 16 digits', () => {
  expect(digest('')).toBe('cbf29ce484222325');
  expect(digest('a')).toBe('af63dc4c8601ec8c');
  expect(digest('foobar')).toBe('85944171f73967e8');
  expect(digest('Grüße 🎓')).toMatch(/^[0-9a-f]{16}$/);
});

test('a closed announcement stays closed until any of it changes, be it the address of a link', () => {
  expect(isDismissed(LINK)).toBe(false);
  dismiss(LINK);
  expect(isDismissed(LINK)).toBe(true);
  expect(isDismissed(LINK.replace('a.example', 'b.example'))).toBe(false);
});

test('the same words, told again after there was none, are shown again', () => {
  dismiss(LINK);
  forgetDismissal();
  expect(isDismissed(LINK)).toBe(false);
});
