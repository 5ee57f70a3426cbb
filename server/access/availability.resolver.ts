import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { EndpointType } from '../model/endpoint.type.ts';
import { type EndpointView, endpointsOfModel } from '../model/endpoint-list.ts';
import type { Readme } from '../model/readmes.ts';
import { ModelType } from './model.type.ts';
import { modelReadme } from './model-readme.ts';
import { ModelReadmeType } from './model-readme.type.ts';
import type { ModelView } from './visible-models.ts';

@Resolver(() => ModelType)
export class AvailabilityResolver {
  @Query(() => ModelReadmeType, {
    nullable: true,
    description:
      'The README of a model whose `url` is at huggingface.co; null when it has none, or it can’t be had now.',
  })
  modelReadme(
    @Arg('name', () => String, { description: 'As `models` gives it.' }) name: string,
    @Ctx() ctx: Context,
  ): Promise<Readme | null> {
    return modelReadme(ctx, name);
  }

  @FieldResolver(() => [EndpointType], {
    nullable: true,
    description: 'For administrators: its endpoints; null for everybody else.',
  })
  endpoints(@Root() model: ModelView, @Ctx() ctx: Context): readonly EndpointView[] | null {
    return endpointsOfModel(ctx, model.name);
  }
}
