import { askDirectly } from '#lib/graphql/direct.ts';
import { DeletedConversationsDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

const PAGE = 50;

export const load: PageLoad = async ({ depends, url }) => {
  depends('lumen:deleted');
  const after = url.searchParams.get('after');
  return { deleted: await askDirectly(DeletedConversationsDocument, { first: PAGE, after }) };
};
