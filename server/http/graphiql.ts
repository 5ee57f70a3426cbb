/** GraphiQL, for administrators: a page beside Lumen's own, built from client/graphiql. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type RequestHandler, Router } from 'express';
import type { Context } from '../context.ts';
import { PACKAGE_ROOT } from '../kernel/package-root.ts';
import { type Credentials, credentialsOf } from '../sign-in/credentials.ts';
import { requestIdOf } from './request-id.ts';

const SCRIPT = join(PACKAGE_ROOT, 'client/build/graphiql/graphiql.js');

/** Monaco makes style elements as it runs, and GraphiQL's fonts stand in its styles (docs/decisions/0024-graphiql-has-a-page-of-its-own.md). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>GraphiQL · Lumen</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/graphiql/graphiql.css">
    <style>
      html, body, main, #graphiql { height: 100%; margin: 0; }
      h1 { position: absolute; clip-path: inset(50%); }
    </style>
    <script type="module" src="/graphiql/graphiql.js"></script>
  </head>
  <body><main><h1>GraphiQL</h1><div id="graphiql"></div></main></body>
</html>
`;

/** @param contextFor throws a Failure when the credentials open nothing */
export function graphiqlPage(
  contextFor: (shown: Credentials, requestId: string) => Promise<Context>,
): Router {
  const router = Router();
  const answer: RequestHandler = async (request, response, next) => {
    const isAdmin = await contextFor(credentialsOf(request), requestIdOf(response)).then(
      ({ actor }) => actor?.isAdmin === true,
      () => false,
    );
    // Everybody else gets what any address without a page gives.
    if (!isAdmin) return next();
    response.set('content-security-policy', POLICY);
    response.type('html').send(HTML);
  };
  if (existsSync(SCRIPT)) router.get('/graphiql', answer);
  return router;
}
