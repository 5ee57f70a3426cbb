/** Why the sign-in service let nobody in: it leads back to `/?signin=<reason>`. */
const refusals = (): Readonly<Record<string, string>> => ({
  account_disabled: 'This account is disabled. Ask an administrator.',
  denied: 'You did not agree to sign in.',
  expired: 'This sign-in was begun in another browser, or too long ago. Please try again.',
  unverified: 'Your institution has not verified your e-mail address, so it can’t be used here.',
  address_taken:
    'There is an account with your e-mail address already. Ask an administrator to let you in.',
  provider_unreachable:
    'Your institution’s sign-in service can’t be reached. Please try again in a moment.',
  no_email: 'Your institution did not tell your e-mail address, which is needed here.',
});

/** In words, or null when nothing was refused. Only known reasons are shown: the address can be written by anybody. */
export function refusalIn(query: string): string | null {
  const reason = new URLSearchParams(query).get('signin');
  if (reason === null) return null;
  return refusals()[reason] ?? 'Signing in failed. Please try again.';
}
