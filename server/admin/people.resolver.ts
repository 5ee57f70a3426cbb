import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Account } from '../account/account.entity.ts';
import type { Context } from '../context.ts';
import type { Page } from '../kernel/page.ts';
import { disableAccount } from './disable-account.ts';
import { enableAccount } from './enable-account.ts';
import { peopleList } from './people-list.ts';
import { AccountNameInput, accountName, PersonPageType, PersonType } from './person.type.ts';

@Resolver(() => PersonType)
export class PeopleResolver {
  @Query(() => PersonPageType, {
    description: 'For administrators: everybody who has an account, by address.',
  })
  people(
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, up to 200.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `next` of the page before.' })
    after: string | null,
    @Arg('search', () => String, {
      nullable: true,
      description: 'Words that their names or addresses contain.',
    })
    search: string | null,
    @Ctx() ctx: Context,
  ): Promise<Page<Account>> {
    return peopleList(ctx, { first, after: after ?? null, search: search ?? null });
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the configuration names them in `admins`.',
  })
  isAdmin(@Root() { email }: Account, @Ctx() { config }: Context): boolean {
    return email !== null && email !== undefined && config.admins.has(email);
  }

  @Mutation(() => PersonType, {
    description:
      'For administrators: shuts an account out of every door, at once. What runs for it is stopped and paid for.',
  })
  disableAccount(
    @Arg('account', () => AccountNameInput, { description: 'Which one; not your own.' })
    account: AccountNameInput,
    @Arg('reason', () => String, { nullable: true, description: 'For the audit trail.' })
    reason: string | null,
    @Ctx() ctx: Context,
  ): Promise<Account> {
    return disableAccount(ctx, accountName(account), reason ?? null);
  }

  @Mutation(() => PersonType, { description: 'For administrators: lets an account in again.' })
  enableAccount(
    @Arg('account', () => AccountNameInput, { description: 'Which one.' })
    account: AccountNameInput,
    @Arg('reason', () => String, { nullable: true, description: 'For the audit trail.' })
    reason: string | null,
    @Ctx() ctx: Context,
  ): Promise<Account> {
    return enableAccount(ctx, accountName(account), reason ?? null);
  }
}
