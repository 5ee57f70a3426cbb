import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Account } from '../account/account.entity.ts';
import type { Context } from '../context.ts';
import type { Page } from '../kernel/page.ts';
import { confirmDeletion, declineDeletion } from './decide-deletion.ts';
import { disableAccount } from './disable-account.ts';
import { enableAccount } from './enable-account.ts';
import { PeopleAsked } from './people-asked.type.ts';
import { peopleList } from './people-list.ts';
import { type PeopleTotals, peopleTotals } from './people-totals.ts';
import { PeopleTotalsType } from './people-totals.type.ts';
import { AccountNameInput, accountName, PersonPageType, PersonType } from './person.type.ts';
import { personNamed } from './person-named.ts';

@Resolver(() => PersonType)
export class PeopleResolver {
  @Query(() => PersonPageType, {
    description: 'For administrators: everybody who has an account.',
  })
  people(
    @Args(() => PeopleAsked) listing: PeopleAsked,
    @Ctx() ctx: Context,
  ): Promise<Page<Account>> {
    return peopleList(ctx, listing);
  }

  @Query(() => PeopleTotalsType, {
    description: 'For administrators: everybody who has an account, together.',
  })
  peopleTotals(@Ctx() ctx: Context): Promise<PeopleTotals> {
    return peopleTotals(ctx);
  }

  @Query(() => PersonType, {
    nullable: true,
    description: 'For administrators: one person by `id` or by `email`; null when there is none.',
  })
  person(
    @Arg('id', () => ID, { nullable: true, description: 'The id of the account.' })
    id: string | null,
    @Arg('email', () => String, { nullable: true, description: 'Their address, instead.' })
    email: string | null,
    @Ctx() ctx: Context,
  ): Promise<Account | null> {
    return personNamed(ctx, accountName(ctx, { id, email }));
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
    return disableAccount(ctx, accountName(ctx, account), reason ?? null);
  }

  @Mutation(() => PersonType, { description: 'For administrators: lets an account in again.' })
  enableAccount(
    @Arg('account', () => AccountNameInput, { description: 'Which one.' })
    account: AccountNameInput,
    @Arg('reason', () => String, { nullable: true, description: 'For the audit trail.' })
    reason: string | null,
    @Ctx() ctx: Context,
  ): Promise<Account> {
    return enableAccount(ctx, accountName(ctx, account), reason ?? null);
  }

  @Mutation(() => ID, {
    description:
      'For administrators: deletes the account of a person who asked for it, with all that they wrote; gives its id. Ledger and usage stay, without a name.',
  })
  confirmAccountDeletion(
    @Arg('account', () => AccountNameInput, { description: 'Which one; not your own.' })
    account: AccountNameInput,
    @Arg('reason', () => String, { description: 'Why, for the audit trail.' }) reason: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return confirmDeletion(ctx, accountName(ctx, account), reason);
  }

  @Mutation(() => ID, {
    description:
      'For administrators: lets the account of a person stay who asked for its deletion; gives its id.',
  })
  declineAccountDeletion(
    @Arg('account', () => AccountNameInput, { description: 'Which one.' })
    account: AccountNameInput,
    @Arg('reason', () => String, { description: 'Why, for the audit trail.' }) reason: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return declineDeletion(ctx, accountName(ctx, account), reason);
  }
}
