import { defineEntity, p } from '@mikro-orm/core';

const AccountSchema = defineEntity({
  name: 'Account',
  properties: {
    id: p.uuid().primary(),
    kind: p.enum(['person', 'project'] as const),
    email: p.string().nullable(),
    slug: p.string().nullable(),
    name: p.string(),
    isActive: p.boolean(),
    createdAt: p.datetime(),
    /** Kept by the database: when a session that has ended since was used last. */
    seenAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
  },
});

/** A person or a project: whoever owns keys, a pool and usage. */
export class Account extends AccountSchema.class {
  /** Two letters that stand for the account: of its first and last word, or of its only one. */
  get initials(): string {
    return initialsOf(this.name);
  }
}
AccountSchema.setClass(Account);

export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const letters =
    words.length > 1 ? [first(words[0]), first(words.at(-1))] : [...(words[0] ?? '??')].slice(0, 2);
  return letters.join('').toUpperCase();
}

/** Of a project: the first two letters or digits of its name. */
export const initialsOfProject = (name: string): string =>
  (name.match(/[\p{L}\p{N}]/gu) ?? []).slice(0, 2).join('').toUpperCase();

const first = (word: string | undefined): string => [...(word ?? '')][0] ?? '';
