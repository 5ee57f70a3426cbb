/** The built web client: files that never change under their name, and one page for every other address. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { RequestHandler } from 'express';
import sirv from 'sirv';
import { PACKAGE_ROOT } from '../kernel/package-root.ts';

const BUILD = join(PACKAGE_ROOT, 'client/build');
const PAGE = 'index.html';
/** Draws what models wrote, framed by the page: nobody's origin, also when it is opened by itself. */
const DIAGRAM = 'diagram.html';
const FRAMED = "sandbox allow-scripts; frame-ancestors 'self'";
/**
 * Addresses that are somebody else's: never the page, also when nobody answers there. Nor is what nobody writes but a
 * program that glues its addresses wrongly, which would take the page for its answer.
 */
const NOT_PAGES =
  /^\/([./]|(graphql|uploads|v1|healthz|readyz|metrics|login|devlogin|callback|logout|themes)(\/|$))/;
/** The policy stands in the head of a page, and not all of a page is to stay in memory for it. */
const HEAD_BYTES = 16_384;
/** All are written in UTF-8, which sirv says of pages only. */
const TEXTS: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css'],
  ['.js', 'text/javascript'],
  ['.svg', 'image/svg+xml'],
]);
const POLICY = /<meta http-equiv="content-security-policy" content="([^"]*)"/i;

/** Without a built client, as in development, every address is somebody else's. */
export function clientFiles(): RequestHandler {
  if (!existsSync(join(BUILD, PAGE))) return (_request, _response, next) => next();
  const policy = `${policyOf(PAGE)}; frame-ancestors 'none'`;
  const files = sirv(BUILD, {
    single: PAGE,
    brotli: true,
    gzip: true,
    etag: true,
    ignores: [NOT_PAGES],
    setHeaders: (response, path) => {
      const type = TEXTS.get(extname(path));
      if (type) response.setHeader('content-type', `${type}; charset=utf-8`);
    },
  });
  const diagramPolicy = existsSync(join(BUILD, DIAGRAM))
    ? `${policyOf(DIAGRAM)}; ${FRAMED}`
    : policy;
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    const isDiagram = request.path === '/diagram';
    // Set here and not by sirv: a 304 carries them too, and they replace what the browser has stored with the page.
    response.setHeader('content-security-policy', isDiagram ? diagramPolicy : policy);
    response.setHeader('cache-control', cachingOf(request.path));
    if (isDiagram) response.setHeader('x-frame-options', 'SAMEORIGIN');
    files(request, response, () => {
      response.setHeader('cache-control', 'no-store');
      next();
    });
  };
}

/** Pages have addresses of many kinds, the files beside them only these endings. */
function cachingOf(path: string): string {
  if (path.includes('/immutable/')) return 'public, max-age=31536000, immutable';
  return /\.(js|json|png|svg)$/.test(path) ? 'no-cache' : 'no-store';
}

/** The policy with the hash of the page's own script, as the client's build wrote it. */
function policyOf(file: string): string {
  const [, policy] = POLICY.exec(headOf(join(BUILD, file))) ?? [];
  if (!policy)
    throw new Error('The built client has no content security policy. Run npm run build.');
  return policy.replaceAll('&#39;', "'").replaceAll('&quot;', '"');
}

function headOf(path: string): string {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  try {
    return head.toString('utf8', 0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}
