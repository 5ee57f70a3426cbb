import { defineEntity, p } from '@mikro-orm/core';
import { fail } from '../kernel/failure.ts';
import { oneLine } from '../kernel/one-line.ts';

const NAME_CHARACTERS_MAX = 100;

const FolderSchema = defineEntity({
  name: 'Folder',
  tableName: 'conversation_folder',
  properties: {
    id: p.uuid().primary(),
    ownerId: p.uuid(),
    name: p.string(),
    createdAt: p.datetime(),
  },
});

/** Where a person keeps conversations. */
export class Folder extends FolderSchema.class {
  /** @throws Failure INVALID, TOO_LARGE */
  rename(text: string): void {
    const name = oneLine(text);
    if (name === '') fail('INVALID', 'Give the folder a name.', { param: 'name' });
    if (name.length > NAME_CHARACTERS_MAX)
      fail('TOO_LARGE', `A folder's name has at most ${NAME_CHARACTERS_MAX} characters.`, {
        param: 'name',
      });
    this.name = name;
  }
}
FolderSchema.setClass(Folder);
