import type { FilterQuery } from '@mikro-orm/core';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { signedIn } from '../context.ts';
import { asId } from '../kernel/id.ts';
import { decodeCursor, type Page, pageOf, pageSize } from '../kernel/page.ts';
import { searchPatterns } from '../kernel/search.ts';
import { Conversation } from './conversation.entity.ts';

export interface ConversationFilter {
  readonly folderId?: string | null;
  readonly isPinned?: boolean | null;
  readonly isDeleted?: boolean | null;
}

export interface ConversationListing {
  readonly first: number;
  readonly after: string | null;
  readonly search: string | null;
  readonly filter: ConversationFilter;
}

/** The actor's conversations, the one that changed last first; `search` looks for words in titles. */
export async function conversationList(
  ctx: Context,
  { first, after, search, filter }: ConversationListing,
): Promise<Page<Conversation>> {
  const { accountId } = signedIn(ctx);
  const size = pageSize(first);
  const where: FilterQuery<Conversation>[] = [{ ownerId: accountId }, placed(filter)];
  if (after !== null) where.push(beyond(after));
  for (const pattern of searchPatterns(search)) where.push({ title: { $ilike: pattern } });
  const found = await ctx.em.find(
    Conversation,
    { $and: where },
    { orderBy: { updatedAt: 'desc', id: 'desc' }, limit: size + 1 },
  );
  return pageOf(found, size, (last) => [last.updatedAt.toISOString(), last.id]);
}

function placed({ folderId, isPinned, isDeleted }: ConversationFilter): FilterQuery<Conversation> {
  return {
    isTemporary: false,
    ...(isDeleted ? { hiddenAt: { $ne: null }, purgeAt: null } : { hiddenAt: null }),
    ...(folderId == null ? {} : { folderId: asId(folderId, 'folder') }),
    ...(isPinned == null ? {} : { pinnedAt: isPinned ? { $ne: null } : null }),
  };
}

/** When it changed last, and its id. Times are stored to the millisecond (see send-message), so a Date names its row. */
const CURSOR = z.tuple([z.iso.datetime(), z.uuid()]);

function beyond(cursor: string): FilterQuery<Conversation> {
  const [at, id] = decodeCursor(cursor, CURSOR);
  const updatedAt = new Date(at);
  return { $or: [{ updatedAt: { $lt: updatedAt } }, { updatedAt, id: { $lt: id } }] };
}
