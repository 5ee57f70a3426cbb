import { wasSignedIn } from '#lib/account/session.ts';
import type { LayoutLoad } from './$types';

const loadRoom = () => import('../Room.svelte');

let isFirst = true;

export const load: LayoutLoad = async ({ params, parent, untrack }) => {
  if (isFirst && wasSignedIn()) void loadEarly(untrack(() => params.id));
  isFirst = false;
  const { session } = await parent();
  return { Room: session.viewer ? (await loadRoom()).default : undefined };
};

/** What is needed if whoever was signed in still is. */
async function loadEarly(id: string | undefined): Promise<void> {
  void loadRoom();
  const { askEarly } = await import('#lib/chat/thread.svelte.ts');
  if (id !== undefined) askEarly(id);
}
