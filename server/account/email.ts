import { normalEmail } from '../kernel/email.ts';
import { fail } from '../kernel/failure.ts';

const EMAIL = /^[^\s@<>"(),:;[\]\\\p{Cc}]+@[^\s@<>"(),:;[\]\\\p{Cc}]+$/u;
const EMAIL_CHARACTERS_MAX = 254;

/** An address in its one form; null when it is none. */
export function emailOrNull(text: string): string | null {
  const email = normalEmail(text);
  return email.length <= EMAIL_CHARACTERS_MAX && EMAIL.test(email) ? email : null;
}

/** The same where it must be one. @throws Failure INVALID */
export const normaliseEmail = (text: string): string =>
  emailOrNull(text) ?? fail('INVALID', 'This is not an e-mail address.', { param: 'email' });
