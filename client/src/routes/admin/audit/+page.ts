import { entriesFor } from '#lib/admin/audit-trail.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, url }) => {
  depends('lumen:audit');
  return { entries: await entriesFor(url) };
};
