import type { Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import { storable } from '../kernel/storable.ts';
import { asker, type BegunTurn, beginTurn } from './begin-turn.ts';
import { type ChatSettingsWish, chatSettings } from './chat-settings.ts';
import { newPlace, placeAfter, placeBeside } from './place.ts';

export interface SendMessage {
  /** Null begins a new conversation. */
  readonly conversationId: string | null;
  /** Null follows the branch that is shown. */
  readonly parentId: string | null;
  readonly model: string;
  readonly content: string;
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
  const { conversationId, parentId, model, isTemporary } = input;
  const ctx = await asker(asking);
  const question = readableContent(input.content, ctx.config.chat.messageCharactersMax);
  const settings = input.settings && chatSettings(input.settings);
  if (conversationId === null && parentId !== null)
    fail('INVALID', 'parentId needs the conversationId that it belongs to.', { param: 'parentId' });
  const place =
    conversationId === null ? newPlace() : await placeAfter(ctx, conversationId, parentId);
  return beginTurn(ctx, { place, question, model, settings, isTemporary });
}

export interface EditMessage {
  readonly id: string;
  readonly content: string;
  /** Null asks the model of the conversation. */
  readonly model: string | null;
}

/** Says something else in the place of an earlier message: a branch beside it, which stays. Failures as above. */
export async function editMessage(asking: Context, input: EditMessage): Promise<BegunTurn> {
  const ctx = await asker(asking);
  const question = readableContent(input.content, ctx.config.chat.messageCharactersMax);
  const { place, model } = await placeBeside(ctx, input.id, 'user');
  return beginTurn(ctx, { place, question, model: input.model ?? model });
}

function readableContent(text: string, charactersMax: number): string {
  if (text.trim() === '')
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
