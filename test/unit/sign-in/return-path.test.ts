import { expect, test } from 'vitest';
import { returnPath } from '../../../server/sign-in/return-path.ts';

test.each(['/', '/c/019abf00', '/settings', '/c/1?at=2#end', '/c/%C3%A9', '/c/a%2Fb'])(
  'a path of this site is come back to: %s',
  (path) => expect(returnPath(path)).toBe(path),
);

test.each([
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https://evil.example/',
  'https:evil.example',
  'javascript:alert(1)',
  'evil.example',
  '@evil.example',
  '/%2fevil.example',
  '/%5Cevil.example',
  '%2f%2fevil.example',
  '/\tevil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\nset-cookie: a=b',
  '/\0/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  '/./\\evil.example',
  ' //evil.example',
  '',
  `/${'a'.repeat(3_000)}`,
  ['/c/1', '/c/2'],
  undefined,
  null,
  { path: '/c' },
])('R42 what could lead to another site leads to the start page: %j', (asked) =>
  expect(returnPath(asked)).toBe('/'),
);

test.each(['/login', '/login?next=/login', '/devlogin', '/callback?code=1', '/logout'])(
  'signing in does not lead to signing in or out: %s',
  (path) => expect(returnPath(path)).toBe('/'),
);
