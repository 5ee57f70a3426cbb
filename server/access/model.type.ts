import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Decimal } from '../kernel/decimal.type.ts';
import type { ModelStatus } from '../model/catalogue.ts';
import type { ModelAccess } from './effective-access.ts';
import type { ModelView } from './visible-models.ts';

const ModelStatusEnum = {
  OK: 'OK',
  DEGRADED: 'DEGRADED',
  DOWN: 'DOWN',
  DISABLED: 'DISABLED',
} as const;
registerEnumType(ModelStatusEnum, {
  name: 'ModelStatus',
  description:
    'Whether all, some or none of the endpoints answer, or an administrator has switched the model off.',
});

export const ModelAccessEnum = {
  ALLOWED: 'ALLOWED',
  BLOCKED: 'BLOCKED',
  ACKNOWLEDGEMENT_NEEDED: 'ACKNOWLEDGEMENT_NEEDED',
} as const;
registerEnumType(ModelAccessEnum, {
  name: 'ModelAccess',
  description: 'Whether an account may use a model.',
});

@ObjectType('Model', { description: 'A model as the viewer may see it.' })
export class ModelType
  implements
    Pick<
      ModelView,
      | 'name'
      | 'description'
      | 'status'
      | 'effectiveAccess'
      | 'acknowledgement'
      | 'isAcknowledged'
      | 'contextWindow'
      | 'maxOutputTokens'
    >
{
  @Field(() => String, { description: 'Identifies the model, here and on /v1.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is good for.' })
  description!: string | null;

  @Field(() => ModelStatusEnum, { description: 'Whether it can be used at the moment.' })
  status!: ModelStatus;

  @Field(() => ModelAccessEnum, { name: 'access', description: 'Whether the viewer may use it.' })
  effectiveAccess!: ModelAccess;

  @Field(() => String, {
    nullable: true,
    description:
      'Terms to accept before it is used, in Markdown; null when there are none, empty when only a yes is asked for.',
  })
  acknowledgement!: string | null;

  @Field(() => Boolean, { description: 'Whether the viewer has acknowledged it.' })
  isAcknowledged!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Tokens of prompt and answer together, where known.',
  })
  contextWindow!: number | null;

  @Field(() => Int, { nullable: true, description: 'Tokens of one answer at most, where known.' })
  maxOutputTokens!: number | null;

  @Field(() => Decimal, { description: 'Coins for a million tokens read.' })
  inputCostPerMillion!: string;

  @Field(() => Decimal, { description: 'Coins for a million tokens written.' })
  outputCostPerMillion!: string;
}
