import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
  const { session } = await parent();
  if (!session.viewer) return { Settings: undefined };
  return { Settings: (await import('./Settings.svelte')).default };
};
