import { askDirectly } from '#lib/graphql/direct.ts';
import { ExplainAccessDocument } from '#lib/graphql/generated.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url }) => {
  const [email, model] = [url.searchParams.get('email'), url.searchParams.get('model')];
  if (!email || !model) return { explained: undefined };
  return { explained: await askDirectly(ExplainAccessDocument, { email, model }) };
};
