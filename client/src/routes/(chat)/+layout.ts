import { wasSignedIn } from '#lib/account/session.ts';
import type { LayoutLoad } from './$types';

const loadRoom = () => import('../Room.svelte');

export const load: LayoutLoad = async ({ parent }) => {
  if (wasSignedIn()) void loadRoom();
  const { session } = await parent();
  return { Room: session.viewer ? (await loadRoom()).default : undefined };
};
