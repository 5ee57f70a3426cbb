import { askDirectly } from '#lib/graphql/direct.ts';
import { ManagesAnyDocument } from '#lib/graphql/generated.ts';

const answers = new Map<string, Promise<boolean>>();

/** Whether the viewer manages a project, so that the pages about projects concern them. Asked once. */
export function managesAny(viewerId: string): Promise<boolean> {
  const known = answers.get(viewerId);
  if (known) return known;
  const answer = askDirectly(ManagesAnyDocument, {}).then(
    ({ data }) => (data?.projects.nodes.length ?? 0) > 0,
  );
  answers.set(viewerId, answer);
  return answer;
}
