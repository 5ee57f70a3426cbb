import { fail } from '../kernel/failure.ts';

const EMAIL = /^[^\s@<>"(),:;[\]\\\p{Cc}]+@[^\s@<>"(),:;[\]\\\p{Cc}]+$/u;
const EMAIL_CHARACTERS_MAX = 254;

/** The one form of an address: the same person in another case is the same person. @throws Failure INVALID */
export function normaliseEmail(text: string): string {
  const email = text.trim().normalize('NFC').toLowerCase();
  if (email.length <= EMAIL_CHARACTERS_MAX && EMAIL.test(email)) return email;
  return fail('INVALID', 'This is not an e-mail address.', { param: 'email' });
}
