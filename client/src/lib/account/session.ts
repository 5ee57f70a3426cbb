import type { Failure } from '#lib/graphql/failure.ts';
import {
  SiteDocument,
  type SiteQuery,
  ViewerDocument,
  type ViewerQuery,
} from '#lib/graphql/generated.ts';
import { askAsVisitor } from '#lib/graphql/visitor.ts';
import { forgetDismissal } from '#lib/ui/dismissal.ts';

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

export async function askSession(): Promise<Session> {
  const [site, viewer] = await Promise.all([
    askAsVisitor(SiteDocument, {}),
    askAsVisitor(ViewerDocument, {}),
  ]);
  if (viewer.data) localStorage.setItem(KEY, 'yes');
  else localStorage.removeItem(KEY);
  if (site.data?.site.announcement === null) forgetDismissal();
  const isAnonymous = viewer.failure?.code === 'UNAUTHENTICATED';
  return {
    site: site.data?.site,
    viewer: viewer.data?.viewer,
    failure: isAnonymous ? site.failure : viewer.failure,
  };
}
