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
    'Whether all, some or none of the endpoints are in rotation, or an administrator has switched the model off.',
  valuesConfig: {
    OK: { description: 'All endpoints are in rotation.' },
    DEGRADED: { description: 'Some endpoints are in rotation.' },
    DOWN: { description: 'No endpoint is in rotation.' },
    DISABLED: { description: 'An administrator has switched it off.' },
  },
});

export const ModelAccessEnum = {
  ALLOWED: 'ALLOWED',
  BLOCKED: 'BLOCKED',
  ACKNOWLEDGEMENT_NEEDED: 'ACKNOWLEDGEMENT_NEEDED',
} as const;
registerEnumType(ModelAccessEnum, {
  name: 'ModelAccess',
  description: 'Whether an account may use a model.',
  valuesConfig: {
    ALLOWED: { description: 'It may be used.' },
    BLOCKED: { description: 'It may not be used.' },
    ACKNOWLEDGEMENT_NEEDED: { description: 'It may be used once its terms are accepted.' },
  },
});

@ObjectType('Model', { description: 'A model as the viewer may see it.' })
export class ModelType
  implements
    Pick<
      ModelView,
      | 'name'
      | 'description'
      | 'status'
      | 'lastCheckedAt'
      | 'endpointCount'
      | 'healthyEndpoints'
      | 'effectiveAccess'
      | 'acknowledgement'
      | 'isAcknowledged'
      | 'acknowledgedAt'
      | 'contextWindow'
      | 'maxOutputTokens'
      | 'notice'
      | 'url'
      | 'supportsReasoning'
      | 'supportsFunctionCalling'
      | 'inputModalities'
      | 'outputModalities'
      | 'knowledgeCutoff'
    >
{
  @Field(() => String, { description: 'Identifies the model, here and on /v1.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is good for.' })
  description!: string | null;

  @Field(() => ModelStatusEnum, { description: 'Whether it can be used at the moment.' })
  status!: ModelStatus;

  @Field(() => Date, {
    nullable: true,
    description: 'When one of its endpoints was last probed; null when none was yet.',
  })
  lastCheckedAt!: Date | null;

  @Field(() => Int, { description: 'How many endpoints it has.' })
  endpointCount!: number;

  @Field(() => Int, {
    name: 'healthyEndpointCount',
    description: 'How many of them are healthy and in rotation.',
  })
  healthyEndpoints!: number;

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

  @Field(() => Date, {
    nullable: true,
    description: 'When the viewer acknowledged it; null while nobody did.',
  })
  acknowledgedAt!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Tokens of prompt and answer together, where known.',
  })
  contextWindow!: number | null;

  @Field(() => Int, { nullable: true, description: 'Tokens of one answer at most, where known.' })
  maxOutputTokens!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What to know before using it, in Markdown.',
  })
  notice!: string | null;

  @Field(() => String, { nullable: true, description: 'Web page about the model.' })
  url!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it can think before it answers; null where not known.',
  })
  supportsReasoning!: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it can call tools; null where not known.',
  })
  supportsFunctionCalling!: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description: 'What it reads: text, image, audio; null where not known.',
  })
  inputModalities!: readonly string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'What it writes: text, image, audio; null where not known.',
  })
  outputModalities!: readonly string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Month in which its knowledge ends, as YYYY-MM, where known.',
  })
  knowledgeCutoff!: string | null;

  @Field(() => Decimal, { description: 'Coins for a million tokens read.' })
  inputCostPerMillion!: string;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'Coins for a million tokens read that the model server had cached; null when they cost the same.',
  })
  cachedInputCostPerMillion!: string | null;

  @Field(() => Decimal, { description: 'Coins for a million tokens written.' })
  outputCostPerMillion!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: 'Coins for an hour of audio, read or spoken; null when its tokens are counted.',
  })
  audioCostPerHour!: string | null;
}
