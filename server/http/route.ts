import { COMPLETION_PATHS } from '../v1/completions.ts';

const KNOWN = new Set([
  '/',
  '/graphql',
  '/graphql/stream',
  '/graphiql',
  '/diagram',
  '/healthz',
  '/readyz',
  '/metrics',
  '/metrics/debug',
  '/login',
  '/devlogin',
  '/callback',
  '/logout',
  '/logout/provider',
  '/uploads',
  '/account/export',
  '/account/export.zip',
  '/manifest.webmanifest',
  '/v1/models',
  ...[...COMPLETION_PATHS.keys()].map((path) => `/v1${path}`),
]);
const FAMILIES = [
  ['/uploads/', '/uploads/{upload}'],
  ['/v1/models/', '/v1/models/{model}'],
  ['/v1', '/v1/{other}'],
  ['/_app/', '/_app/{file}'],
  ['/graphiql/', '/graphiql/{file}'],
  ['/themes/', '/themes/{name}/logo'],
] as const;

/** The template of an address, of which there are few: what people type is neither counted nor logged. */
export function routeOf(url: string): string {
  const [path = ''] = url.split('?', 1);
  if (KNOWN.has(path)) return path;
  return FAMILIES.find(([prefix]) => path.startsWith(prefix))?.[1] ?? '/{page}';
}
