import { askSession, wasSignedIn } from '#lib/account/session.ts';
import type { LayoutLoad } from './$types';

export const ssr = false;
export const prerender = false;

const loadAnnouncement = () => import('#lib/announcement/Announcement.svelte');
const loadShell = () => import('./Shell.svelte');

export const load: LayoutLoad = async ({ depends }) => {
  depends('lumen:session');
  // Begun before the answer is known: whoever was signed in most likely still is.
  if (wasSignedIn()) void loadShell();
  const session = await askSession();
  const [announcement, shell] = await Promise.all([
    session.site?.announcement ? loadAnnouncement().catch(() => undefined) : undefined,
    session.viewer ? loadShell() : undefined,
  ]);
  return { session, Announcement: announcement?.default, Shell: shell?.default };
};
