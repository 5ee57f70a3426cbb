import { askDirectly } from '#lib/graphql/direct.ts';
import { StatusDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends }) => {
  depends('lumen:status');
  return { answer: await askDirectly(StatusDocument, {}) };
};
