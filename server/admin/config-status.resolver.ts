import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { type ConfigReading, configStatus } from './config-status.ts';
import { ConfigStatusType } from './config-status.type.ts';

@Resolver()
export class ConfigStatusResolver {
  @Query(() => ConfigStatusType, {
    description: 'For administrators: whether config.yaml is in force, and what is wrong with it.',
  })
  configStatus(@Ctx() ctx: Context): ConfigReading {
    return configStatus(ctx);
  }
}
