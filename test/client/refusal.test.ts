import { expect, test } from 'vitest';
import { refusalIn } from '../../client/src/lib/account/refusal.ts';

test('a refused sign-in is told in our words, never in those of the address', () => {
  expect(refusalIn('')).toBeNull();
  expect(refusalIn('?signin=denied')).toBe('You did not agree to sign in.');
  expect(refusalIn('?signin=Call+0900')).toBe('Signing in failed. Please try again.');
});
