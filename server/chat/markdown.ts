import type { ExportedConversation } from './exported-conversation.ts';

type Said = ExportedConversation['messages'][number];

/** The branch that is shown, as a text that people read. */
export function markdownOf(conversation: ExportedConversation): string {
  const { title, createdAt } = conversation;
  const said = shownBranch(conversation).map(
    ({ role, model, content, uploads }) =>
      `## ${role === 'user' ? 'You' : (model ?? 'Assistant')}\n\n${attached(uploads)}${content.trim()}\n`,
  );
  return [`# ${escaped(title)}\n`, `${createdAt.slice(0, 10)}\n`, ...said].join('\n');
}

/** From the first message to the active one; to the newest where none is. */
export function shownBranch({ activeMessageId, messages }: ExportedConversation): readonly Said[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const branch: Said[] = [];
  let next = byId.get(activeMessageId ?? '') ?? messages.at(-1);
  while (next && branch.length <= messages.length) {
    branch.unshift(next);
    next = next.parentId === null ? undefined : byId.get(next.parentId);
  }
  return branch;
}

const attached = (uploads: Said['uploads']): string =>
  uploads.map(({ name }) => `Attached: ${escaped(name)}\n\n`).join('');

/** A title is text: nothing in it is a mark. */
const escaped = (title: string): string => title.replace(/[\\`*_[\]<>#|]/g, '\\$&');
