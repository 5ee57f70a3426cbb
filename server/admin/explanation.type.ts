import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { AccessTier, ModelAccess } from '../access/effective-access.ts';
import { ModelAccessEnum } from '../access/model.type.ts';
import { PoolPolicyType } from '../group/pool-policy.type.ts';
import type { AccessExplanation } from './explain-access.ts';

const AccessTierEnum = {
  DISABLED: 'DISABLED',
  OWN_RULE: 'OWN_RULE',
  GROUP_RULES: 'GROUP_RULES',
  MODEL: 'MODEL',
  GROUP_DEFAULTS: 'GROUP_DEFAULTS',
  OWN_DEFAULT: 'OWN_DEFAULT',
  DEFAULT: 'DEFAULT',
} as const;
registerEnumType(AccessTierEnum, {
  name: 'AccessTier',
  description: 'What decides about a model, in this order: the first that says anything.',
  valuesConfig: {
    DISABLED: { description: 'The model is switched off for everybody.' },
    OWN_RULE: { description: 'A rule of the person’s own names the model.' },
    GROUP_RULES: { description: 'Groups of theirs name the model; a block wins.' },
    MODEL: { description: 'The model’s own setting.' },
    GROUP_DEFAULTS: { description: 'Defaults of their groups; an allowance wins.' },
    OWN_DEFAULT: { description: 'The person’s own default.' },
    DEFAULT: { description: 'The default for everybody.' },
  },
});

@ObjectType('AccessExplanation', { description: 'Whether somebody may use a model, and why.' })
export class AccessExplanationType implements AccessExplanation {
  @Field(() => ModelAccessEnum, { description: 'Whether they may.' })
  access!: ModelAccess;

  @Field(() => AccessTierEnum, { description: 'What decided it.' })
  tier!: AccessTier;

  @Field(() => String, { description: 'The same as a sentence, with the names of groups.' })
  because!: string;
}

@ObjectType('ModelForClaims', { description: 'A model, as somebody with these claims has it.' })
class ModelForClaimsType {
  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => ModelAccessEnum, { description: 'Whether they may use it.' })
  access!: ModelAccess;
}

@ObjectType('ClaimsExplanation', {
  description: 'What somebody with these claims would be given at their first sign-in.',
})
export class ClaimsExplanationType {
  @Field(() => [String], { description: 'Names of the groups, by rules and without.' })
  groups!: readonly string[];

  @Field(() => PoolPolicyType, { nullable: true, description: 'The pool; null when none is.' })
  pool!: PoolPolicyType | null;

  @Field(() => [ModelForClaimsType], { description: 'All models, the blocked ones too.' })
  models!: readonly ModelForClaimsType[];
}
