import { validate } from 'uuid';
import { Account } from '../account/account.entity.ts';
import type { AccountName } from '../account/set-active.ts';
import { administrator, type Context } from '../context.ts';
import { normalEmail } from '../kernel/email.ts';

/** A person, or null when there is none of this id or address. @throws Failure UNAUTHENTICATED, FORBIDDEN */
export async function personNamed(ctx: Context, name: AccountName): Promise<Account | null> {
  administrator(ctx);
  if ('id' in name && !validate(name.id)) return null;
  const where =
    'id' in name ? { id: name.id } : { email: normalEmail(name.email).replaceAll('\u0000', '') };
  return ctx.em.findOne(Account, { ...where, kind: 'person', deletedAt: null });
}
