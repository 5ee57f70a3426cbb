import { askSessionEarly, wasSignedIn } from '#lib/account/session.ts';
import { ConversationDocument } from '#lib/graphql/generated/chat-conversation.ts';
import { postNamed } from '#lib/graphql/post.ts';
import { loadRefusals } from '#lib/graphql/refusal.ts';
import { language } from '#lib/ui/language.ts';
import { loadTexts } from './locales/texts.loader.ts';

const CHAT = /^\/(?:c\/([^/]+))?$/;

/** SvelteKit awaits this before it loads a page. */
export async function init(): Promise<void> {
  document.documentElement.lang = language;
  void loadRefusals();
  const texts = loadTexts('start');
  askSessionEarly();
  const [isChat, id] = CHAT.exec(location.pathname) ?? [];
  if (isChat && wasSignedIn()) void loadEarly(id, texts);
  await texts;
}

/** What the chat needs if whoever was signed in still is: the slower the answer, the sooner it is asked for. */
async function loadEarly(id: string | undefined, texts: Promise<unknown>): Promise<void> {
  void import('./routes/Room.svelte');
  if (id === undefined) return;
  const response = postNamed(ConversationDocument, { id });
  // It may fail before anybody is there to hear it.
  response.catch(() => undefined);
  const [{ askEarly }] = await Promise.all([import('#lib/chat/thread.svelte.ts'), texts]);
  askEarly(id, response);
}
