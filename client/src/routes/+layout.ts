import { askSession, wasSignedIn } from '#lib/account/session.ts';
import type { LayoutLoad } from './$types';

export const ssr = false;
export const prerender = false;

const loadShell = () => import('./Shell.svelte');

export const load: LayoutLoad = async ({ depends }) => {
  depends('lumen:session');
  // Begun before the answer is known: whoever was signed in most likely still is.
  if (wasSignedIn()) void loadShell();
  const session = await askSession();
  return { session, Shell: session.viewer ? (await loadShell()).default : undefined };
};
