import { defineEntity, p } from '@mikro-orm/core';
import { fail } from '../kernel/failure.ts';
import { oneLine } from './title.ts';

const TITLE_CHARACTERS_MAX = 200;

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
  hide(): void {
    this.hiddenAt ??= new Date();
  }
}
ConversationSchema.setClass(Conversation);
