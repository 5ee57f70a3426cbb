import { defineEntity, p } from '@mikro-orm/core';
import { fail } from '../kernel/failure.ts';
import { oneLine } from '../kernel/one-line.ts';
import { storable } from '../kernel/storable.ts';

const TITLE_CHARACTERS_MAX = 100;
const CONTENT_CHARACTERS_MAX = 32_000;

const SavedPromptSchema = defineEntity({
  name: 'SavedPrompt',
  properties: {
    id: p.uuid().primary(),
    ownerId: p.uuid(),
    title: p.string(),
    content: p.text(),
    groupName: p.string().nullable(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A text that somebody keeps to begin messages with. */
export class SavedPrompt extends SavedPromptSchema.class {
  /** @throws Failure INVALID, TOO_LARGE */
  write(title: string, content: string): void {
    const line = oneLine(title);
    if (line === '') fail('INVALID', 'Give the prompt a title.', { param: 'title' });
    if (content.trim() === '') fail('INVALID', 'The prompt is empty.', { param: 'content' });
    if (line.length > TITLE_CHARACTERS_MAX) tooLong('title', TITLE_CHARACTERS_MAX);
    if (content.length > CONTENT_CHARACTERS_MAX) tooLong('content', CONTENT_CHARACTERS_MAX);
    this.title = line;
    this.content = storable(content);
    this.updatedAt = new Date();
  }
}
SavedPromptSchema.setClass(SavedPrompt);

const tooLong = (param: string, charactersMax: number): never =>
  fail('TOO_LARGE', `A prompt's ${param} has at most ${charactersMax} characters.`, { param });
