/** What is looked for among the prompts: what follows a `/` at the start of the field. Undefined says nothing is. */
export function promptSearch(typed: string): string | undefined {
  return /^\/([^\n/]{0,60})$/.exec(typed)?.[1];
}

/** Those whose titles hold all the words; where the title begins so, first. */
export function matchingPrompts<P extends { readonly title: string }>(
  prompts: readonly P[],
  search: string,
): P[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const start = words[0] ?? '';
  const found = prompts.filter(({ title }) =>
    words.every((word) => title.toLowerCase().includes(word)),
  );
  const isFirst = ({ title }: P) => title.toLowerCase().startsWith(start);
  return [...found.filter(isFirst), ...found.filter((prompt) => !isFirst(prompt))];
}
