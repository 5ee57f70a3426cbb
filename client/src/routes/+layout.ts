import { askSession, wasSignedIn } from '#lib/account/session.ts';
import { loadTexts } from '../locales/texts.loader.ts';
import type { LayoutLoad } from './$types';

export const ssr = false;
export const prerender = false;

const loadAnnouncement = () => import('#lib/announcement/Announcement.svelte');
const loadShell = async () => {
  const [shell] = await Promise.all([import('./Shell.svelte'), loadTexts('portal')]);
  return shell;
};

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
