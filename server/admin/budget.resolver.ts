import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Account } from '../account/account.entity.ts';
import { PoolType } from '../budget/pool.type.ts';
import { type AccountLimit, ownLimit } from '../budget/pool-policy.ts';
import type { PoolView } from '../budget/read-pool.ts';
import type { Context } from '../context.ts';
import { PoolPolicyInput } from '../group/group-input.type.ts';
import { Decimal } from '../kernel/decimal.type.ts';
import type { Project } from '../project/project.ts';
import { ProjectType } from '../project/project.type.ts';
import { AccountLimitType } from './account-limit.type.ts';
import { grantCoins, resetPool } from './change-pool.ts';
import { AccountNameInput, accountName, PersonType } from './person.type.ts';
import { limitOfPerson, poolOfPerson } from './person-budget.ts';
import { setAccountLimit } from './set-account-limit.ts';

const WHY = { description: 'Why, for the audit trail.' };

@Resolver(() => PersonType)
export class BudgetResolver {
  @FieldResolver(() => PoolType, {
    nullable: true,
    description: 'What pays for the account; null when nothing does.',
  })
  pool(@Root() { id }: Account, @Ctx() ctx: Context): Promise<PoolView | null> {
    return poolOfPerson(ctx, id);
  }

  @FieldResolver(() => AccountLimitType, {
    nullable: true,
    description: 'The pool of this account alone; null when groups and defaults say what it has.',
  })
  limit(@Root() { id }: Account, @Ctx() ctx: Context): Promise<AccountLimit | null> {
    return limitOfPerson(ctx, id);
  }

  @Mutation(() => PoolType, {
    description:
      'For administrators: sets the balance of an account to what is in its pool at the start. What runs is paid for all the same.',
  })
  resetPool(
    @Arg('account', () => AccountNameInput, { description: 'A person or a project.' })
    account: AccountNameInput,
    @Arg('reason', () => String, WHY) reason: string,
    @Ctx() ctx: Context,
  ): Promise<PoolView> {
    return resetPool(ctx, accountName(ctx, account), reason);
  }

  @Mutation(() => PoolType, {
    description: 'For administrators: adds to the balance of an account, also above its size.',
  })
  grantCoins(
    @Arg('account', () => AccountNameInput, { description: 'A person or a project.' })
    account: AccountNameInput,
    @Arg('amount', () => Decimal, {
      description: 'In the unit of the pool; a negative amount takes away what can be spent.',
    })
    amount: string,
    @Arg('reason', () => String, WHY) reason: string,
    @Ctx() ctx: Context,
  ): Promise<PoolView> {
    return grantCoins(ctx, accountName(ctx, account), amount, reason);
  }

  @Mutation(() => PoolType, {
    nullable: true,
    description:
      'For administrators: gives one account a pool of its own size, at once. Its balance stays. Null when nothing pays for it any more.',
  })
  setAccountLimit(
    @Arg('account', () => AccountNameInput, { description: 'A person or a project.' })
    account: AccountNameInput,
    @Arg('limit', () => PoolPolicyInput, {
      nullable: true,
      description: 'Null, or nothing, gives back what groups and defaults say.',
    })
    limit: PoolPolicyInput | null,
    @Arg('reason', () => String, WHY) reason: string,
    @Ctx() ctx: Context,
  ): Promise<PoolView | null> {
    return setAccountLimit(ctx, accountName(ctx, account), limit ?? null, reason);
  }
}

@Resolver(() => ProjectType)
export class ProjectLimitResolver {
  @FieldResolver(() => AccountLimitType, {
    nullable: true,
    description: 'The pool of this project alone; null when what all projects have is its.',
  })
  limit(@Root() project: Project, @Ctx() { config }: Context): AccountLimit | null {
    return ownLimit(config, project);
  }
}
