import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Account } from '../account/account.entity.ts';
import type { AccountName } from '../account/set-active.ts';
import { administrator, type Context } from '../context.ts';
import { fail } from '../kernel/failure.ts';
import type { Page } from '../kernel/page.ts';

@ObjectType('Person', { description: 'Somebody who has an account, as administrators see them.' })
export class PersonType
  implements Pick<Account, 'id' | 'name' | 'email' | 'isActive' | 'createdAt'>
{
  @Field(() => ID, { description: 'Identifies the account.' })
  id!: string;

  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Normalised address.' })
  email!: string | null;

  @Field(() => Boolean, { description: 'Whether the account may come in; false when disabled.' })
  isActive!: boolean;

  @Field(() => Date, { description: 'When the account was made: at the first sign-in.' })
  createdAt!: Date;
}

@ObjectType('PersonPage', { description: 'Part of the people.' })
export class PersonPageType implements Page<Account> {
  @Field(() => [PersonType], { description: 'The people of this page.' })
  nodes!: readonly Account[];

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` for what follows; null at the end.',
  })
  next!: string | null;
}

@InputType('AccountNameInput', {
  description: 'Names an account: by `id` or by `email`, not both.',
})
export class AccountNameInput {
  @Field(() => ID, { nullable: true, description: 'The id of the account.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: 'The e-mail address of the person.' })
  email?: string | null;
}

/**
 * Who may not ask is told so, whatever they ask.
 *
 * @throws Failure UNAUTHENTICATED, FORBIDDEN, INVALID unless there is just one name
 */
export function accountName(
  ctx: Pick<Context, 'actor'>,
  { id, email }: AccountNameInput,
): AccountName {
  administrator(ctx);
  if (id && !email) return { id };
  if (email && !id) return { email };
  return fail('INVALID', 'Name the account either by its id or by its e-mail address.', {
    param: 'account',
  });
}
