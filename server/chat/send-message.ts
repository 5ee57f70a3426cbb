import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { storable } from '../kernel/storable.ts';
import { uploadsOf, uploadsToSend } from '../upload/message-uploads.ts';
import { asker, type BegunTurn, beginTurn } from './begin-turn.ts';
import { type ChatSettingsWish, chatSettings } from './chat-settings.ts';
import { newPlace, placeAfter, placeBeside } from './place.ts';

export interface SendMessage {
  /** Null begins a new conversation. */
  readonly conversationId: string | null;
  /** Null follows the branch that is shown. */
  readonly parentId: string | null;
  readonly model: string;
  /** May be empty when there are uploads. */
  readonly content: string;
  /** Files that come with it, in their order. */
  readonly uploadIds: readonly string[];
  /** Null leaves those of the conversation. */
  readonly settings: ChatSettingsWish | null;
  /** Of a new conversation. */
  readonly isTemporary: boolean;
}

/**
 * Stores what the actor says and opens the turn that answers it; the turn goes on in the server, whoever is connected.
 *
 * @throws Failure INVALID, TOO_LARGE, NOT_FOUND, FORBIDDEN, ACKNOWLEDGEMENT_NEEDED, RATE_LIMITED: then nothing is stored.
 *   What goes wrong later is told by the answer's status.
 */
export async function sendMessage(asking: Context, input: SendMessage): Promise<BegunTurn> {
  const { conversationId, parentId, model, isTemporary, uploadIds } = input;
  const ctx = await asker(asking);
  const question = readableContent(ctx, input.content, uploadIds.length > 0);
  const settings = input.settings && chatSettings(input.settings);
  if (conversationId === null && parentId !== null)
    fail('INVALID', 'parentId needs the conversationId that it belongs to.', { param: 'parentId' });
  const place =
    conversationId === null ? newPlace() : await placeAfter(ctx, conversationId, parentId);
  const uploads = await uploadsToSend(ctx, uploadIds, place.conversationId);
  return beginTurn(ctx, { place, question, uploads, model, settings, isTemporary });
}

export interface EditMessage {
  readonly id: string;
  readonly content: string;
  /** Null asks the model of the conversation. */
  readonly model: string | null;
}

/** Says something else in the place of an earlier message, with its files: a branch beside it. Failures as above. */
export async function editMessage(asking: Context, input: EditMessage): Promise<BegunTurn> {
  const ctx = await asker(asking);
  const { id, place, model } = await placeBeside(ctx, input.id, 'user');
  const [uploads = []] = await uploadsOf(ctx, [id]);
  const question = readableContent(ctx, input.content, uploads.length > 0);
  return beginTurn(ctx, { place, question, uploads, model: input.model ?? model });
}

function readableContent(
  { config }: Pick<Context, 'config'>,
  text: string,
  hasUploads: boolean,
): string {
  const charactersMax = config.chat.messageCharactersMax;
  if (text.trim() === '' && !hasUploads)
    fail('INVALID', 'Write something first: the message is empty.', { param: 'content' });
  if (text.length > charactersMax) {
    fail(
      'TOO_LARGE',
      `A message has at most ${charactersMax} characters; this one has ${text.length}.`,
      { param: 'content' },
    );
  }
  return storable(text);
}
