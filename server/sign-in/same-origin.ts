import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser sent this from one of our own pages. Browsers name the origin of every request that could change
 * something and of every WebSocket; a caller that names none is no browser, and has nobody else's cookie.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (isFromElsewhere(headers)) return false;
  if (origin === undefined) return true;
  const named = URL.parse(origin);
  return named !== null && named.host === host;
}

/** Whether a page of ours asks for what only its reader may see, or a link led them to it: another's page never shows it. */
export const isForOwnPage = (headers: IncomingHttpHeaders): boolean =>
  isSameOrigin(headers) || headers['sec-fetch-mode'] === 'navigate';

/** The browser's own word, which knows also the scheme. Of sockets, browsers don't agree on what to say. */
function isFromElsewhere({ 'sec-fetch-site': site, 'sec-fetch-mode': mode }: IncomingHttpHeaders) {
  return mode !== 'websocket' && (site === 'cross-site' || site === 'same-site');
}
