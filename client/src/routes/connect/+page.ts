import { askDirectly } from '#lib/graphql/direct.ts';
import { ConnectModelsDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

/** Visitors read the page too, with the name of no model in it. */
export const load: PageLoad = async ({ depends, parent }) => {
  depends('lumen:connect');
  const { session } = await parent();
  const found = session.viewer ? await askDirectly(ConnectModelsDocument, {}) : undefined;
  return { models: found?.data?.models ?? [], failure: found?.failure };
};
