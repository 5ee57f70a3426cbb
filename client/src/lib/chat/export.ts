// Conversations as files. Loaded when somebody wants one.
import { ask } from '#lib/graphql/client.ts';
import {
  ExportConversationDocument,
  ExportConversationsDocument,
  type ExportFormat,
} from '#lib/graphql/generated.ts';

const TYPES: Readonly<Record<ExportFormat, { type: string; ending: string }>> = {
  JSON: { type: 'application/json', ending: 'json' },
  MARKDOWN: { type: 'text/markdown', ending: 'md' },
};

function save(text: string, name: string, format: ExportFormat): void {
  const { type, ending } = TYPES[format];
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name.replace(/[\\/:*?"<>|\p{C}]+/gu, ' ').trim() || 'Conversation'}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Saves one conversation; gives why it could not. */
export async function exportOne(id: string, title: string, format: ExportFormat) {
  const { data, failure } = await ask(ExportConversationDocument, { id, format });
  if (data) save(data.exportConversation, title, format);
  return failure;
}

/** Saves all of them, in as many files as it takes. */
export async function exportAll(format: ExportFormat) {
  let after: string | null = null;
  for (let part = 1; ; part++) {
    const { data, failure }: Awaited<ReturnType<typeof page>> = await page(format, after);
    if (!data) return failure;
    const { text, next } = data.exportConversations;
    save(text, next === null && part === 1 ? 'Conversations' : `Conversations ${part}`, format);
    if (next === null) return undefined;
    after = next;
  }
}

const page = (format: ExportFormat, after: string | null) =>
  ask(ExportConversationsDocument, { format, after });
