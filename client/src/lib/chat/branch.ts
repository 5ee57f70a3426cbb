interface Node {
  readonly id: string;
  readonly parentId: string | null;
}

/** The line of messages that ends in the newest one, oldest first. `messages` are all, oldest first. */
export function newestBranch<M extends Node>(messages: readonly M[]): M[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: M[] = [];
  let at = messages.at(-1);
  while (at) {
    branch.push(at);
    byId.delete(at.id);
    at = at.parentId === null ? undefined : byId.get(at.parentId);
  }
  return branch.reverse();
}
