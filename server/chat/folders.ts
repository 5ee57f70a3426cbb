/** The folders of the actor's conversations. */
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { transact } from '../db/transact.ts';
import { fail } from '../kernel/failure.ts';
import { asId, newId } from '../kernel/id.ts';
import type { Conversation } from './conversation.entity.ts';
import { Folder } from './folder.entity.ts';
import { ownConversation } from './own.ts';
import { mustHaveRoom } from './room.ts';

const FOLDERS_MAX = 200;

/** By name. */
export async function folderList(ctx: Context): Promise<readonly Folder[]> {
  const { accountId: ownerId } = signedIn(ctx);
  return ctx.em.find(Folder, { ownerId }, { orderBy: { name: 'asc' } });
}

export function createFolder(ctx: Context, name: string): Promise<Folder> {
  const { accountId: ownerId } = signedIn(ctx);
  return changed(ctx, async (tx) => {
    await mustHaveRoom(tx, 'conversation_folder', { countMax: FOLDERS_MAX, what: 'folders' });
    const folder = new Folder();
    Object.assign(folder, { id: newId(), ownerId, createdAt: new Date() });
    folder.rename(name);
    tx.em.persist(folder);
    return folder;
  });
}

export function renameFolder(ctx: Context, id: string, name: string): Promise<Folder> {
  return changed(ctx, async (tx) => {
    const folder = await ownFolder(tx, id);
    folder.rename(name);
    return folder;
  });
}

/** The conversations in it stay, in no folder. Gives its id. */
export function deleteFolder(ctx: Context, id: string): Promise<string> {
  return changed(ctx, async (tx) => {
    const folder = await ownFolder(tx, id);
    tx.em.remove(folder);
    return folder.id;
  });
}

/** @param folder null takes it out of its folder */
export function moveConversation(
  ctx: Context,
  id: string,
  folder: string | null,
): Promise<Conversation> {
  return transact(ctx, async (tx) => {
    const conversation = await ownConversation(tx, id);
    conversation.folderId = folder === null ? null : (await ownFolder(tx, folder)).id;
    const { ownerId: account } = conversation;
    tx.live.publish({ kind: 'conversationChanged', id: conversation.id, account });
    return conversation;
  });
}

async function ownFolder(ctx: Pick<Context, 'em' | 'actor'>, id: string): Promise<Folder> {
  const { accountId: ownerId } = signedIn(ctx);
  const found = await ctx.em.findOne(Folder, { id: asId(id, 'folder'), ownerId });
  return found ?? fail('NOT_FOUND', 'No such folder.');
}

async function changed<T>(ctx: Context, work: (tx: Context) => Promise<T>): Promise<T> {
  const { accountId: account } = signedIn(ctx);
  try {
    return await transact(ctx, async (tx) => {
      tx.live.publish({ kind: 'foldersChanged', account });
      return work(tx);
    });
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    return fail('CONFLICT', 'You have a folder of this name already.', { param: 'name' });
  }
}
