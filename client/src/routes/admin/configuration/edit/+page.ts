import { askDirectly } from '#lib/graphql/direct.ts';
import { ConfigFileDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends }) => {
  depends('lumen:config-file');
  return { file: await askDirectly(ConfigFileDocument, {}) };
};
