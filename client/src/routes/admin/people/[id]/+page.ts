import { askDirectly } from '#lib/graphql/direct.ts';
import { PersonDocument, UsageReportDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, params }) => {
  depends('lumen:person');
  const named = params.id.includes('@') ? { email: params.id } : { id: params.id };
  const person = await askDirectly(PersonDocument, named);
  const account = person.data?.person?.id;
  const filter = { account: account ?? null, period: 'MONTH' as const };
  const report = account ? await askDirectly(UsageReportDocument, { filter }) : undefined;
  return { person, filter, report, subject: person.data?.person?.name };
};
