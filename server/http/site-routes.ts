/** What browsers fetch of a site besides its pages: the logo of a theme, and how to install it as an app. */
import { Router } from 'express';
import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { chosenTheme } from '../theme/chosen-theme.ts';
import { BASE } from '../theme/palette.ts';

/** An SVG is a document: opened by itself, it may run and load nothing. */
const PICTURE_ONLY =
  "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
const FOR_EVER = 'public, max-age=31536000, immutable';

export function siteRoutes(context: () => Context): Router {
  const router = Router();
  router.get('/themes/:name/logo', ({ params, query }, response) => {
    const logo = context().parts.themes.named(params.name)?.logo;
    if (!logo) return fail('NOT_FOUND', 'There is no such logo.');
    response
      .type(logo.type)
      .set('content-security-policy', PICTURE_ONLY)
      .set('cache-control', query.v === logo.digest ? FOR_EVER : 'no-cache')
      .send(logo.bytes);
  });
  router.get('/manifest.webmanifest', (_request, response) => {
    response
      .type('application/manifest+json')
      .set('cache-control', 'no-cache')
      .send(JSON.stringify(manifest(context())));
  });
  return router;
}

/** Of the visitors' theme: browsers ask for it without saying who asks. */
function manifest(ctx: Context): object {
  const { name, tagline } = ctx.config.app;
  const color =
    chosenTheme(ctx).colors.find(({ token }) => token === 'page')?.light ?? BASE.light.page;
  return {
    id: '/',
    name,
    short_name: name,
    ...(tagline && { description: tagline }),
    start_url: '/',
    display: 'standalone',
    background_color: color,
    theme_color: color,
    icons: [
      { src: '/favicon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  };
}
