const CHARACTERS_MAX = 2_000;
const HERE = 'http://here.invalid';
/** A second slash, or what some browser or proxy takes for one, would lead to another site. */
const LEADS_AWAY = /^\/(?:[/\\]|%2f|%5c)/i;
const SIGN_IN_PAGES: ReadonlySet<string> = new Set(['/login', '/devlogin', '/callback', '/logout']);

/** Where to go on after signing in: the path that was asked for, if it is one of this site; else the start page. */
export function returnPath(asked: unknown): string {
  if (typeof asked !== 'string' || !asked.startsWith('/') || asked.length > CHARACTERS_MAX)
    return '/';
  if (/[\p{Cc}\\]/u.test(asked)) return '/';
  // A browser resolves dots before it follows: what counts is the path that is left then.
  const url = URL.parse(asked, HERE);
  if (url?.origin !== HERE || LEADS_AWAY.test(url.pathname)) return '/';
  return SIGN_IN_PAGES.has(url.pathname) ? '/' : url.pathname + url.search + url.hash;
}
