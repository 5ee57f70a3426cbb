import type { FilterQuery } from '@mikro-orm/core';
import { z } from 'zod';
import { Account } from '../account/account.entity.ts';
import { administrator, type Context } from '../context.ts';
import { decodeCursor, type Page, pageOf, pageSize } from '../kernel/page.ts';
import { searchPatterns } from '../kernel/search.ts';

/** Everybody who has ever signed in, by address; `search` looks for words in names and addresses. @throws Failure FORBIDDEN */
export async function peopleList(
  ctx: Context,
  {
    first,
    after,
    search,
  }: { readonly first: number; readonly after: string | null; readonly search: string | null },
): Promise<Page<Account>> {
  administrator(ctx);
  const size = pageSize(first);
  const where: FilterQuery<Account>[] = [{ kind: 'person' }];
  if (after !== null) where.push({ email: { $gt: decodeCursor(after, CURSOR)[0] } });
  for (const pattern of searchPatterns(search))
    where.push({ $or: [{ name: { $ilike: pattern } }, { email: { $ilike: pattern } }] });
  const found = await ctx.em.find(
    Account,
    { $and: where },
    { orderBy: { email: 'asc' }, limit: size + 1 },
  );
  return pageOf(found, size, (last) => [last.email ?? '']);
}

const CURSOR = z.tuple([z.string().regex(/^\P{Cc}{1,254}$/u)]);
