import { askDirectly } from '#lib/graphql/direct.ts';
import { EndpointsDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends }) => {
  depends('lumen:endpoints');
  return { endpoints: await askDirectly(EndpointsDocument, {}) };
};
