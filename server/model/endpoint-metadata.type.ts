import { Field, ObjectType } from 'type-graphql';
import type { EndpointAnswer, MetadataChange, MetadataProposal } from './endpoint-metadata.ts';

@ObjectType('EndpointAnswer', { description: 'Whether an endpoint told anything of a model.' })
class EndpointAnswerType implements EndpointAnswer {
  @Field(() => String, { description: 'Host and port of its address.' })
  host!: string;

  @Field(() => String, { nullable: true, description: 'Whom it says the model belongs to.' })
  owner!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it told nothing; null when it did.' })
  error!: string | null;
}

@ObjectType('MetadataChange', { description: 'A setting of which endpoints say otherwise.' })
class MetadataChangeType implements MetadataChange {
  @Field(() => String, { description: 'As `config.yaml` has it.' })
  setting!: string;

  @Field(() => String, { nullable: true, description: 'Now; null when it is not set.' })
  configured!: string | null;

  @Field(() => String, { description: 'What holds at every endpoint that says it.' })
  offered!: string;
}

@ObjectType('MetadataProposal', { description: 'What the endpoints of a model say of it.' })
export class MetadataProposalType implements MetadataProposal {
  @Field(() => String, { description: 'Name of the model.' })
  model!: string;

  @Field(() => [EndpointAnswerType], { description: 'What was asked.' })
  endpoints!: readonly EndpointAnswer[];

  @Field(() => [MetadataChangeType], { description: 'Only what differs.' })
  changes!: readonly MetadataChange[];

  @Field(() => String, {
    description: 'The changes as YAML, for the model’s block; empty when nothing differs.',
  })
  yaml!: string;
}
