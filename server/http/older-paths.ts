/** Addresses of the older Lumen, which people have in their bookmarks. */
import { type RequestHandler, Router } from 'express';

/** Projects were called clients, and services before that; a project was also shown below the profile. */
const PROJECTS = /^\/(?:clients|services|profile\/project)(?=\/|$)/;
const USAGE = /^\/admin\/analytics\/?$/;

export function olderPaths(): RequestHandler {
  const router = Router();
  router.get([PROJECTS, USAGE], ({ url }, response) => {
    response.redirect(
      301,
      url.replace(PROJECTS, '/projects').replace(/^\/admin\/analytics\/?/, '/usage'),
    );
  });
  return router;
}
