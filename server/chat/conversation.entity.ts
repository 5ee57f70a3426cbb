import { defineEntity, p } from '@mikro-orm/core';
import { fail } from '../kernel/failure.ts';
import { oneLine } from '../kernel/one-line.ts';
import type { ChatSettings } from './chat-settings.ts';

const TITLE_CHARACTERS_MAX = 200;
/** How long a conversation that was deleted for good can be brought back: what pages offer, and the way there. */
const UNDO_MS = 25_000;

const ConversationSchema = defineEntity({
  name: 'Conversation',
  properties: {
    id: p.uuid().primary(),
    ownerId: p.uuid(),
    title: p.string(),
    model: p.string(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    hiddenAt: p.datetime().nullable(),
    activeMessageId: p.uuid().nullable(),
    settings: p.json().$type<ChatSettings>(),
    isTemporary: p.boolean(),
    pinnedAt: p.datetime().nullable(),
    folderId: p.uuid().nullable(),
    purgeAt: p.datetime().nullable(),
    importedDigest: p.string().nullable(),
  },
});

/** A thread of messages that one person owns. */
export class Conversation extends ConversationSchema.class {
  /** @throws Failure INVALID, TOO_LARGE */
  rename(text: string): void {
    const title = oneLine(text);
    if (title === '') fail('INVALID', 'Give the conversation a title.', { param: 'title' });
    if (title.length > TITLE_CHARACTERS_MAX) {
      fail('TOO_LARGE', `A title has at most ${TITLE_CHARACTERS_MAX} characters.`, {
        param: 'title',
      });
    }
    this.title = title;
  }

  /** Out of sight, but not gone. */
  hide(now: Date): void {
    this.hiddenAt ??= now;
  }

  /** Out of sight, and gone when there was time to think better of it. */
  discard(now: Date): void {
    this.hide(now);
    this.purgeAt = new Date(now.getTime() + UNDO_MS);
  }

  restore(): void {
    this.hiddenAt = null;
    this.purgeAt = null;
  }

  get isPinned(): boolean {
    return this.pinnedAt != null;
  }

  set isPinned(isPinned: boolean) {
    this.pinnedAt = isPinned ? (this.pinnedAt ?? new Date()) : null;
  }
}
ConversationSchema.setClass(Conversation);
