/** Headers that every answer carries, whoever gives it. */
import type { ServerResponse } from 'node:http';

const ALWAYS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), payment=(), usb=(), microphone=(self)',
};

/** For whatever is not a page of ours: it may load nothing and be framed nowhere. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** @param isPlain the server is used over plain HTTP on purpose (`app.debug`), so browsers must not insist on HTTPS */
export function setSecurityHeaders(response: ServerResponse, isPlain: boolean): void {
  for (const [name, value] of Object.entries(ALWAYS)) response.setHeader(name, value);
  response.setHeader('content-security-policy', NOTHING);
  if (!isPlain)
    response.setHeader('strict-transport-security', 'max-age=63072000; includeSubDomains');
}
