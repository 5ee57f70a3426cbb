import { askDirectly } from '#lib/graphql/direct.ts';
import { GroupDetailsDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, params, url }) => {
  depends('lumen:group');
  const variables = { name: params.name, after: url.searchParams.get('after') };
  return { group: await askDirectly(GroupDetailsDocument, variables), subject: params.name };
};
