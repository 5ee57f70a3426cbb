import { askDirectly } from '#lib/graphql/direct.ts';
import { UsageOverviewDocument, UsageReportDocument } from '#lib/graphql/generated.ts';
import { filterOf } from '#lib/usage/usage-filter.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, parent, url }) => {
  depends('lumen:usage');
  const { session } = await parent();
  if (!session.viewer) return { filter: {}, report: undefined, overview: undefined };
  const filter = filterOf(url, session.viewer.isAdmin);
  const isOverview = Boolean(filter.everyone || filter.group);
  const [report, overview] = await Promise.all([
    askDirectly(UsageReportDocument, { filter }),
    isOverview ? askDirectly(UsageOverviewDocument, { filter }) : undefined,
  ]);
  return { filter, report, overview };
};
