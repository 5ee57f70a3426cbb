import type { CombinedError } from '@urql/core';
import type { FailureCode } from './generated.ts';
import { wordsOf } from './refusal.ts';

/** Why something did not happen, fit to be shown where it should have. */
export interface Failure {
  readonly code: FailureCode | 'UNREACHABLE';
  readonly message: string;
  readonly isRetryable: boolean;
  /** Which of several failures of its code it is; see docs/errors.md. */
  readonly reason?: string | undefined;
}

const RETRYABLE: ReadonlySet<string> = new Set<Failure['code']>([
  'UNREACHABLE',
  'RATE_LIMITED',
  'MODEL_UNAVAILABLE',
  'UPSTREAM_FAILED',
  'BUDGET_SPENT',
  'CONFLICT',
  'INTERNAL',
]);

const failureOf = (code: Failure['code'], message: string, reason?: string): Failure => ({
  code,
  message,
  reason,
  isRetryable: RETRYABLE.has(code),
});

/** The server's own words where it answered; ours where it could not be reached, or where something between did. */
export function failureFrom(error: Pick<CombinedError, 'graphQLErrors' | 'response'>): Failure {
  const first = error.graphQLErrors[0];
  if (first) {
    const code = (first.extensions?.code ?? 'INTERNAL') as FailureCode;
    const { reason } = first.extensions ?? {};
    const message = wordsOf({ ...first.extensions, code, message: first.message });
    return failureOf(code, message, typeof reason === 'string' ? reason : undefined);
  }
  return failureOf(
    'UNREACHABLE',
    error.response
      ? 'Lumen does not answer as it should. Try again in a moment.'
      : 'Lumen can’t be reached. Check your connection and try again.',
  );
}
