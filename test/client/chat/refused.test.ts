import { expect, test } from 'vitest';
import { isOfModel, whyRefused } from '../../../client/src/lib/chat/refused.ts';
import type { Failure } from '../../../client/src/lib/graphql/failure.ts';

const failure = (code: Failure['code'], message: string): Failure => ({
  code,
  message,
  isRetryable: false,
});
const blocked = failure('FORBIDDEN', 'Not for you.');
const blind = failure('INVALID', 'It can’t see.');

test('each model that was refused says why, unless all say the same', () => {
  const [a, b] = [
    { model: 'a', failure: blocked },
    { model: 'b', failure: blind },
  ];
  expect(whyRefused([], ['a'])).toBeUndefined();
  expect(whyRefused([a], ['a'])).toBe(blocked);
  expect(whyRefused([a], ['a', 'b'])?.message).toBe('a: Not for you.');
  expect(whyRefused([a, b], ['a', 'b'])?.message).toBe('a: Not for you. b: It can’t see.');
  expect(whyRefused([b, { model: 'c', failure: blind }], ['b', 'c'])).toBe(blind);
});

test('what may have arrived, and what concerns every model, is not tried with another one', () => {
  expect(isOfModel(blocked)).toBe(true);
  for (const code of ['UNREACHABLE', 'RATE_LIMITED', 'UNAUTHENTICATED', 'INTERNAL'] as const)
    expect(isOfModel(failure(code, ''))).toBe(false);
});
