import { askDirectly } from '#lib/graphql/direct.ts';
import { ConversationDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ depends, params, parent }) => {
  depends('lumen:print');
  const { session } = await parent();
  if (!session.viewer) return { read: undefined };
  return { read: await askDirectly(ConversationDocument, { id: params.id }) };
};
