import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Viewer } from '../account/viewer.ts';
import { ViewerType } from '../account/viewer.type.ts';
import type { Context } from '../context.ts';
import type { ApiKey } from '../key/api-key.entity.ts';
import { ApiKeyType } from '../key/api-key.type.ts';
import { UsageCountsType, UsageType } from './usage.type.ts';
import { type UsageCounts, type UsageTotals, usageTotals } from './usage-totals.ts';

@Resolver(() => ViewerType)
export class UsageResolver {
  @FieldResolver(() => UsageType, { description: 'All that the account has ever used.' })
  usage(@Root() viewer: Viewer, @Ctx() ctx: Context): Promise<UsageTotals> {
    return usageTotals(ctx, viewer.id);
  }
}

@Resolver(() => ApiKeyType)
export class ApiKeyUsageResolver {
  @FieldResolver(() => UsageCountsType, { description: 'All that was ever used with the key.' })
  usage(@Root() key: ApiKey): UsageCounts {
    return key;
  }
}
