import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Viewer } from '../account/viewer.ts';
import { ViewerType } from '../account/viewer.type.ts';
import type { Context } from '../context.ts';
import { Decimal } from '../kernel/decimal.type.ts';
import { MonthlyLimitType } from './monthly-limit.type.ts';
import { type MonthlyLimit, monthlyLimitOf } from './monthly-limits.ts';
import { setMonthlyLimit } from './set-monthly-limit.ts';

@Resolver(() => ViewerType)
export class MonthlyLimitResolver {
  @FieldResolver(() => MonthlyLimitType, {
    nullable: true,
    description: 'What you allow yourself in a month; null when you set no limit.',
  })
  monthlyLimit(@Root() { id }: Viewer, @Ctx() ctx: Context): Promise<MonthlyLimit | null> {
    return monthlyLimitOf(ctx, id);
  }

  @Mutation(() => MonthlyLimitType, {
    nullable: true,
    description:
      'Limits what you may spend in a calendar month (UTC), below what your pool allows, from the next request on.',
  })
  setMonthlyLimit(
    @Arg('max', () => Decimal, {
      nullable: true,
      description: 'In coins; null, or nothing, takes the limit away.',
    })
    max: string | null,
    @Ctx() ctx: Context,
  ): Promise<MonthlyLimit | null> {
    return setMonthlyLimit(ctx, max ?? null);
  }
}
