import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { type AccessExplanation, explainAccess } from './explain-access.ts';
import { type ClaimsExplanation, explainClaims } from './explain-claims.ts';
import { AccessExplanationType, ClaimsExplanationType } from './explanation.type.ts';

@Resolver()
export class ExplainResolver {
  @Query(() => ClaimsExplanationType, {
    description:
      'For administrators: what somebody whom the provider tells this of would be given. Nothing is stored.',
  })
  explainClaims(
    @Arg('claims', () => String, {
      description: 'One JSON object, as the provider sends it: `{ "affiliation": "staff@…" }`.',
    })
    claims: string,
    @Ctx() ctx: Context,
  ): ClaimsExplanation {
    return explainClaims(ctx, claims);
  }

  @Query(() => AccessExplanationType, {
    description: 'For administrators: whether a person may use a model, and what decided it.',
  })
  explainAccess(
    @Arg('email', () => String, { description: 'Of the person.' }) email: string,
    @Arg('model', () => String, { description: 'Name of the model.' }) model: string,
    @Ctx() ctx: Context,
  ): Promise<AccessExplanation> {
    return explainAccess(ctx, email, model);
  }
}
