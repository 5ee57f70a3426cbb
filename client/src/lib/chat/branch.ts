interface Node {
  readonly id: string;
  readonly parentId: string | null;
}

/** The last message that was said below one: of several answers, the newest. `messages` are all, oldest first. */
function endBelow<M extends Node>(messages: readonly M[], start: M): M {
  const below = new Set([start.id]);
  let end = start;
  for (const message of messages) {
    if (message.parentId === null || !below.has(message.parentId)) continue;
    below.add(message.id);
    end = message;
  }
  return end;
}

/**
 * The line of messages that is shown, oldest first: that through the active one, to its end; else that which ends in the
 * newest. `messages` are all, oldest first.
 */
export function shownBranch<M extends Node>(
  messages: readonly M[],
  activeId: string | null | undefined,
): M[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const active = activeId ? byId.get(activeId) : undefined;
  const branch: M[] = [];
  let at = active ? endBelow(messages, active) : messages.at(-1);
  while (at) {
    branch.push(at);
    byId.delete(at.id);
    at = at.parentId === null ? undefined : byId.get(at.parentId);
  }
  return branch.reverse();
}

/**
 * The answers to one question that can be looked at side by side: of each model the newest, but of the shown one's that
 * one. Empty unless several models have answered.
 */
export function comparedWith<M extends Node & { readonly model: string | null }>(
  siblings: readonly M[],
  shown: M,
): readonly M[] {
  const byModel = new Map<string, M>();
  for (const answer of [...siblings, shown]) {
    if (answer.model !== null) byModel.set(answer.model, answer);
  }
  return byModel.size > 1 ? [...byModel.values()] : [];
}

/** What was said at the same place, oldest first: edits of a question, answers to the same one. */
export function siblingsOf<M extends Node>(messages: readonly M[]): Map<string | null, M[]> {
  const siblings = new Map<string | null, M[]>();
  for (const message of messages) {
    const beside = siblings.get(message.parentId);
    if (beside) beside.push(message);
    else siblings.set(message.parentId, [message]);
  }
  return siblings;
}
