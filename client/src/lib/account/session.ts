import type { Failure } from '#lib/graphql/failure.ts';
import type { SiteQuery, ViewerQuery } from '#lib/graphql/generated.ts';
import { askAsVisitor } from '#lib/graphql/visitor.ts';
import { forgetDismissal } from '#lib/ui/dismissal.ts';
import { keep } from '#lib/ui/kept.ts';
import operations from './session.graphql?raw';

export type Viewer = ViewerQuery['viewer'];
export type Site = SiteQuery['site'];

export interface Session {
  readonly site: Site | undefined;
  readonly viewer: Viewer | undefined;
  /** The server could not say who asks. */
  readonly failure: Failure | undefined;
}

const KEY = 'lumen.wasSignedIn';

/** A guess made before the server answers, so that the pages of people who are signed in load meanwhile. */
export const wasSignedIn = (): boolean => localStorage.getItem(KEY) !== null;

/** Who can't be asked for once stays signed in on this page, with what they are writing. */
let known: Session | undefined;

let early: Promise<Session> | undefined;

/** Asks while the first page, which will want to know, is still on its way. */
export function askSessionEarly(): void {
  early = askNow();
}

export function askSession(): Promise<Session> {
  const asked = early ?? askNow();
  early = undefined;
  return asked;
}

async function askNow(): Promise<Session> {
  const [site, viewer] = await Promise.all([
    askAsVisitor<SiteQuery>(operations, 'Site'),
    askAsVisitor<ViewerQuery>(operations, 'Viewer'),
  ]);
  const isAnonymous = viewer.failure?.code === 'UNAUTHENTICATED';
  if (viewer.data) localStorage.setItem(KEY, 'yes');
  else if (isAnonymous) localStorage.removeItem(KEY);
  if (site.data?.site.announcement === null) forgetDismissal();
  if (site.data) keep('lumen.colors', JSON.stringify(site.data.site.theme.colors));
  known = {
    site: site.data?.site ?? known?.site,
    viewer: viewer.data?.viewer ?? (viewer.failure?.isRetryable ? known?.viewer : undefined),
    failure: isAnonymous ? site.failure : viewer.failure,
  };
  return known;
}
