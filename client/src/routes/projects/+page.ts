import { askDirectly } from '#lib/graphql/direct.ts';
import { ProjectsDocument } from '#lib/graphql/generated.ts';
import { variablesOf } from '#lib/project/projects.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, url }) => {
  depends('lumen:projects');
  return { projects: await askDirectly(ProjectsDocument, variablesOf(url)) };
};
