import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { EndpointView } from './endpoint-list.ts';
import type { Health } from './health.ts';
import type { HealthChange } from './health-history.ts';

const EndpointHealthEnum = { HEALTHY: 'HEALTHY', SUSPECT: 'SUSPECT', DOWN: 'DOWN' } as const;
registerEnumType(EndpointHealthEnum, {
  name: 'EndpointHealth',
  description: 'Whether an endpoint answers.',
  valuesConfig: {
    HEALTHY: { description: 'It answers its probes and its requests.' },
    SUSPECT: {
      description:
        'It answers its probes, but requests failed: it gets some only where no other endpoint can take them.',
    },
    DOWN: {
      description:
        'It can not be reached, does not list its model, or refuses the `api_key`. It is probed every few seconds.',
    },
  },
});

@ObjectType('HealthChange', { description: 'An endpoint’s health was another from then on.' })
export class HealthChangeType implements HealthChange {
  @Field(() => Date, { description: 'When that was.' })
  at!: Date;

  @Field(() => EndpointHealthEnum, { description: 'What it became.' })
  health!: Health;

  @Field(() => String, {
    nullable: true,
    description: 'What went wrong, in a sentence; null when it became healthy.',
  })
  why!: string | null;
}

@ObjectType('Endpoint', {
  description:
    'A model server that answers for models, as the replica that answers knows it. An endpoint whose address, key or model name changes is another one.',
})
export class EndpointType implements EndpointView {
  @Field(() => ID, { description: 'Identifies the endpoint, here, in the log and in the usage.' })
  id!: string;

  @Field(() => String, { description: 'Host and port of its address.' })
  host!: string;

  @Field(() => String, { description: "The model's name at this model server." })
  upstreamModel!: string;

  @Field(() => [String], { description: 'Names of the models that it answers for.' })
  models!: readonly string[];

  @Field(() => EndpointHealthEnum, { description: 'Whether it answers.' })
  health!: Health;

  @Field(() => Date, { description: 'Since when `health` is what it is.' })
  healthSince!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was last probed.' })
  checkedAt!: Date | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Milliseconds that the last probe took that it answered.',
  })
  latencyMs!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'What last went wrong, also when it is healthy again; one sentence.',
  })
  lastError!: string | null;

  @Field(() => Date, { nullable: true, description: 'When that was.' })
  lastErrorAt!: Date | null;

  @Field(() => Int, { description: 'Requests that are under way there.' })
  inFlight!: number;

  @Field(() => Int, { nullable: true, description: '`max_concurrent`; null is no limit.' })
  concurrencyMax!: number | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When an administrator took it out of rotation; null while it is in it.',
  })
  withdrawnAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why, if it was said.' })
  withdrawalReason!: string | null;
}
