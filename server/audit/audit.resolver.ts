import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import type { Page } from '../kernel/page.ts';
import { AuditEntryPageType, AuditFilterInput } from './audit-entry.type.ts';
import { type AuditView, auditList } from './audit-list.ts';

@Resolver()
export class AuditResolver {
  @Query(() => AuditEntryPageType, {
    description: 'For administrators: who did what to whom, the newest first.',
  })
  auditEntries(
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, up to 200.' })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `next` of the page before.' })
    after: string | null,
    @Arg('filter', () => AuditFilterInput, { nullable: true, description: 'Left out, all.' })
    filter: AuditFilterInput | null,
    @Ctx() ctx: Context,
  ): Promise<Page<AuditView>> {
    return auditList(ctx, { first, after: after ?? null, filter: filter ?? {} });
  }
}
