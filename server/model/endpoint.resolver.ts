import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { EndpointType, HealthChangeType } from './endpoint.type.ts';
import { type EndpointView, endpointList } from './endpoint-list.ts';
import { endpointMetadata, type MetadataProposal } from './endpoint-metadata.ts';
import { MetadataProposalType } from './endpoint-metadata.type.ts';
import { type HealthChange, healthChanges } from './health-history.ts';
import { restoreEndpoint } from './restore-endpoint.ts';
import { withdrawEndpoint } from './withdraw-endpoint.ts';

@Resolver(() => EndpointType)
export class EndpointResolver {
  @FieldResolver(() => [HealthChangeType], {
    description:
      'How `health` changed in the last 30 days, as the replicas saw it: the latest 200, the oldest first.',
  })
  healthChanges(
    @Root() { id }: EndpointView,
    @Ctx() ctx: Context,
  ): Promise<readonly HealthChange[]> {
    return healthChanges(ctx, id);
  }

  @Query(() => [EndpointType], {
    description: 'For administrators: the endpoints of all models that are not disabled.',
  })
  endpoints(@Ctx() ctx: Context): readonly EndpointView[] {
    return endpointList(ctx);
  }

  @Query(() => MetadataProposalType, {
    description:
      'For administrators: asks the endpoints of a model now what they say of it, and gives what the configuration says otherwise. Nothing is changed.',
  })
  endpointMetadata(
    @Arg('model', () => String, { description: 'Name of the model.' }) model: string,
    @Ctx() ctx: Context,
  ): Promise<MetadataProposal> {
    return endpointMetadata(ctx, model);
  }

  @Mutation(() => EndpointType, {
    description:
      'For administrators: takes an endpoint out of rotation on all replicas until it is restored. What runs there goes on.',
  })
  withdrawEndpoint(
    @Arg('id', () => ID, { description: 'As `endpoints` gives it.' }) id: string,
    @Arg('reason', () => String, {
      nullable: true,
      description: 'For other administrators and the audit trail; at most 500 characters.',
    })
    reason: string | null,
    @Ctx() ctx: Context,
  ): Promise<EndpointView> {
    return withdrawEndpoint(ctx, id, reason ?? null);
  }

  @Mutation(() => EndpointType, {
    description: 'For administrators: puts an endpoint back into rotation.',
  })
  restoreEndpoint(
    @Arg('id', () => ID, { description: 'As `endpoints` gives it.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<EndpointView> {
    return restoreEndpoint(ctx, id);
  }
}
