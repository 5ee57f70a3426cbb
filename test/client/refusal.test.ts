import { expect, test } from 'vitest';
import { nextQuery } from '../../client/src/lib/account/next-query.ts';
import { refusalIn } from '../../client/src/lib/account/refusal.ts';

test('a refused sign-in is told in our words, never in those of the address', () => {
  expect(refusalIn('')).toBeNull();
  expect(refusalIn('?signin=denied')).toBe('You did not agree to sign in.');
  expect(refusalIn('?signin=Call+0900')).toBe('Signing in failed. Please try again.');
});

test('signing in leads to the page that was asked for, also after a refused attempt', () => {
  expect(nextQuery({ pathname: '/', search: '' })).toBe('');
  expect(nextQuery({ pathname: '/c/1', search: '?at=2' })).toBe('?next=%2Fc%2F1%3Fat%3D2');
  expect(nextQuery({ pathname: '/', search: '?signin=denied&next=%2Fc%2F1%3Fat%3D2' })).toBe(
    '?next=%2Fc%2F1%3Fat%3D2',
  );
});
