import { normalEmail } from '../kernel/email.ts';
import { fail } from '../kernel/failure.ts';

const EMAIL = /^[^\s@<>"(),:;[\]\\\p{Cc}]+@[^\s@<>"(),:;[\]\\\p{Cc}]+$/u;
const EMAIL_CHARACTERS_MAX = 254;

/** An address in its one form. @throws Failure INVALID when it is none */
export function normaliseEmail(text: string): string {
  const email = normalEmail(text);
  if (email.length <= EMAIL_CHARACTERS_MAX && EMAIL.test(email)) return email;
  return fail('INVALID', 'This is not an e-mail address.', { param: 'email' });
}
