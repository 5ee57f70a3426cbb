import { peopleAsked } from '#lib/admin/people.ts';
import { askDirectly } from '#lib/graphql/direct.ts';
import { PeopleDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, url }) => {
  depends('lumen:people');
  return { people: await askDirectly(PeopleDocument, peopleAsked(url)) };
};
