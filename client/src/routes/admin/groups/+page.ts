import { askDirectly } from '#lib/graphql/direct.ts';
import { GroupsDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends }) => {
  depends('lumen:groups');
  return { groups: await askDirectly(GroupsDocument, {}) };
};
