import { askDirectly } from '#lib/graphql/direct.ts';
import { ProjectDetailsDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, params }) => {
  depends('lumen:project');
  return { project: await askDirectly(ProjectDetailsDocument, { slug: params.slug }) };
};
