/** Headers that every answer carries, whoever gives it. */
const ALWAYS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), payment=(), usb=(), microphone=(self)',
  // Whatever may be kept says so itself.
  'cache-control': 'no-store',
};

/** For whatever is not a page of ours: it may load nothing and be framed nowhere. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** @param isPlain the server is used over plain HTTP on purpose (`app.debug`), so browsers must not insist on HTTPS */
export const securityHeaders = (isPlain: boolean): Readonly<Record<string, string>> => ({
  ...ALWAYS,
  'content-security-policy': NOTHING,
  ...(isPlain ? {} : { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
});
