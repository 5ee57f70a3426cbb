import { askDirectly } from '#lib/graphql/direct.ts';
import { ConfigStatusDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends }) => {
  depends('lumen:config');
  return { status: await askDirectly(ConfigStatusDocument, {}) };
};
