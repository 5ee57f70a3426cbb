import { askDirectly } from '#lib/graphql/direct.ts';
import { ModelDetailsDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, params }) => {
  depends('lumen:models');
  return { details: await askDirectly(ModelDetailsDocument, { name: params.name }) };
};
