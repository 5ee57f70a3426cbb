import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, parent }) => {
  depends('lumen:settings');
  const { session } = await parent();
  if (!session.viewer) return { Settings: undefined };
  const [{ default: Settings }, { ready }] = await Promise.all([
    import('./Settings.svelte'),
    import('./ready.ts'),
  ]);
  return { Settings, profile: await ready() };
};
