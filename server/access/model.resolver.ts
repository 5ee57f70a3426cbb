import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { formatPrice, formatPriceByTheHour } from '../kernel/coins.ts';
import { acknowledgeModel } from './acknowledge-model.ts';
import { ModelType } from './model.type.ts';
import { type ModelView, visibleModel, visibleModels } from './visible-models.ts';

@Resolver(() => ModelType)
export class ModelResolver {
  @Query(() => [ModelType], {
    description: 'The models that you may use, or could after acknowledging them, by name.',
  })
  models(@Ctx() ctx: Context): readonly ModelView[] {
    return visibleModels(ctx);
  }

  @Query(() => ModelType, {
    nullable: true,
    description: 'One model, or null when there is none of this name for you.',
  })
  model(
    @Arg('name', () => String, { description: 'As `models` gives it.' }) name: string,
    @Ctx() ctx: Context,
  ): ModelView | null {
    return visibleModel(ctx, name);
  }

  @Mutation(() => ModelType, {
    description:
      'Accepts the terms of a model for your account, once and for all; again changes nothing.',
  })
  acknowledgeModel(
    @Arg('name', () => String, { description: 'As `models` gives it.' }) name: string,
    @Ctx() ctx: Context,
  ): Promise<ModelView> {
    return acknowledgeModel(ctx, name);
  }

  @FieldResolver()
  inputCostPerMillion(@Root() model: ModelView): string {
    return formatPrice(model.prices.input);
  }

  @FieldResolver()
  cachedInputCostPerMillion(@Root() model: ModelView): string | null {
    const { cachedInput } = model.prices;
    return cachedInput === null ? null : formatPrice(cachedInput);
  }

  @FieldResolver()
  outputCostPerMillion(@Root() model: ModelView): string {
    return formatPrice(model.prices.output);
  }

  @FieldResolver()
  audioCostPerHour(@Root() model: ModelView): string | null {
    const { audio } = model.prices;
    return audio === null ? null : formatPriceByTheHour(audio);
  }
}
