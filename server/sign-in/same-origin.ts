import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser sent this from one of our own pages. Browsers name the origin of every request that could change
 * something and of every WebSocket; a caller that names none is no browser, and has nobody else's cookie.
 */
export function isSameOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  if (origin === undefined) return true;
  const named = URL.parse(origin);
  return named !== null && named.host === host;
}
