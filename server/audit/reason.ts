import { fail } from '../kernel/failure.ts';

const REASON_CHARACTERS_MAX = 1_000;

/** Why somebody changes something, as they may write it. @throws Failure INVALID, TOO_LARGE */
export function readableReason(text: string): string {
  if (text.length > REASON_CHARACTERS_MAX)
    fail('TOO_LARGE', `A reason has at most ${REASON_CHARACTERS_MAX} characters.`, {
      param: 'reason',
    });
  if (/\p{Cc}/u.test(text.replace(/[\n\t]/g, '')))
    fail('INVALID', 'A reason is plain text, without control characters.', { param: 'reason' });
  return text.toWellFormed().trim();
}

/** The same where there must be one. @throws Failure INVALID, TOO_LARGE */
export const statedReason = (text: string): string =>
  readableReason(text) || fail('INVALID', 'Say why, for the audit trail.', { param: 'reason' });
