import { peopleAsked } from '#lib/admin/people.ts';
import { askDirectly } from '#lib/graphql/direct.ts';
import { PeopleDocument, PeopleTotalsDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, url }) => {
  depends('lumen:people');
  const [people, totals] = await Promise.all([
    askDirectly(PeopleDocument, peopleAsked(url)),
    askDirectly(PeopleTotalsDocument, {}),
  ]);
  return { people, totals };
};
