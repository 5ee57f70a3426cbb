import { askDirectly } from '#lib/graphql/direct.ts';
import { PeopleDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, url }) => {
  depends('lumen:people');
  const [search, after] = [url.searchParams.get('search'), url.searchParams.get('after')];
  return { people: await askDirectly(PeopleDocument, { search, after }) };
};
