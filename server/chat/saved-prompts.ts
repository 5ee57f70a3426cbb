/** The prompt library: the actor's own prompts, and those that members of the actor's groups share. */

import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { transact } from '../db/transact.ts';
import { groupNamesOf } from '../group/memberships.ts';
import { fail } from '../kernel/failure.ts';
import { asId, newId } from '../kernel/id.ts';
import { mustHaveRoom } from './room.ts';
import { SavedPrompt } from './saved-prompt.entity.ts';

const PROMPTS_MAX = 500;

export interface WrittenPrompt {
  readonly title: string;
  readonly content: string;
  /** Null keeps it to its owner. */
  readonly groupName: string | null;
}

/** By title: all of one's own, and of those that others share as many again. */
export async function promptList(ctx: Context): Promise<readonly SavedPrompt[]> {
  const { accountId: ownerId } = signedIn(ctx);
  const orderBy = { title: 'asc', id: 'asc' } as const;
  const shared = await ctx.em.find(
    SavedPrompt,
    { groupName: { $in: groupNames(ctx) }, ownerId: { $ne: ownerId } },
    { orderBy, limit: PROMPTS_MAX, fields: ['id'], disableIdentityMap: true },
  );
  const ids = shared.map(({ id }) => id);
  return ctx.em.find(SavedPrompt, { $or: [{ ownerId }, { id: { $in: ids } }] }, { orderBy });
}

export function createPrompt(ctx: Context, prompt: WrittenPrompt): Promise<SavedPrompt> {
  const { accountId: ownerId } = signedIn(ctx);
  return transact(ctx, async (tx) => {
    await mustHaveRoom(tx, 'saved_prompt', { countMax: PROMPTS_MAX, what: 'prompts' });
    const created = new SavedPrompt();
    Object.assign(created, { id: newId(), ownerId, createdAt: new Date(), groupName: null });
    write(tx, created, prompt);
    tx.em.persist(created);
    return created;
  });
}

export function updatePrompt(
  ctx: Context,
  id: string,
  prompt: WrittenPrompt,
): Promise<SavedPrompt> {
  return transact(ctx, async (tx) => {
    const own = await ownPrompt(tx, id);
    write(tx, own, prompt);
    return own;
  });
}

/** Gives its id. */
export function deletePrompt(ctx: Context, id: string): Promise<string> {
  return transact(ctx, async (tx) => {
    const own = await ownPrompt(tx, id);
    tell(tx, own, null);
    tx.em.remove(own);
    return own.id;
  });
}

function write(tx: Context, prompt: SavedPrompt, { title, content, groupName }: WrittenPrompt) {
  if (groupName !== null && !groupNames(tx).includes(groupName))
    fail('NOT_FOUND', 'You are in no such group.', { param: 'groupName' });
  tell(tx, prompt, groupName);
  prompt.write(title, content);
  prompt.groupName = groupName;
}

/** Of a prompt that was shared, or will be, anybody may want to know. */
function tell(
  { live }: Context,
  { ownerId, groupName: before }: SavedPrompt,
  after: string | null,
) {
  live.publish({ kind: 'promptsChanged', account: (before ?? after) ? null : ownerId });
}

async function ownPrompt(tx: Context, id: string): Promise<SavedPrompt> {
  const { accountId: ownerId } = signedIn(tx);
  const found = await tx.em.findOne(SavedPrompt, { id: asId(id, 'prompt'), ownerId });
  return found ?? fail('NOT_FOUND', 'No such prompt.');
}

const groupNames = (ctx: Context): string[] => groupNamesOf(ctx.config, signedIn(ctx));
