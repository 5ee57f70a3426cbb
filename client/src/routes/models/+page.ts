import { askDirectly } from '#lib/graphql/direct.ts';
import { ModelCatalogueDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends }) => {
  depends('lumen:models');
  return { catalogue: await askDirectly(ModelCatalogueDocument, {}) };
};
