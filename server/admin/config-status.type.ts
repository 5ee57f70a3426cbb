import { Field, Int, ObjectType } from 'type-graphql';
import type { ConfigProblem } from '../config/problem.ts';
import type { ConfigReading } from './config-status.ts';

@ObjectType('ConfigProblem', { description: 'One thing that is wrong with the configuration.' })
export class ConfigProblemType implements ConfigProblem {
  @Field(() => String, { description: 'The file, or the environment variable, where it stands.' })
  source!: string;

  @Field(() => String, { description: 'The setting, such as `models[0].name`; may be empty.' })
  path!: string;

  @Field(() => Int, { nullable: true, description: 'From 1; null when it is at no one place.' })
  line!: number | null;

  @Field(() => Int, { nullable: true, description: 'From 1; null when it is at no one place.' })
  column!: number | null;

  @Field(() => String, { description: 'What was found, and what is accepted.' })
  message!: string;
}

@ObjectType('ConfigStatus', {
  description: 'How the configuration in force stands to its file, at the replica that answers.',
})
export class ConfigStatusType implements ConfigReading {
  @Field(() => String, {
    nullable: true,
    description: 'Path of the file; null for an evaluation, which has none.',
  })
  file!: string | null;

  @Field(() => Int, { description: 'Counts the configurations since the start, from 1.' })
  generation!: number;

  @Field(() => Date, { description: 'Since when the one in force is.' })
  loadedAt!: Date;

  @Field(() => [ConfigProblemType], {
    description:
      'Why the file can not be used as it is now, so that an earlier one stays; empty when it is in force.',
  })
  problems!: readonly ConfigProblem[];

  @Field(() => [String], { description: 'What its author should know, such as older forms.' })
  warnings!: readonly string[];

  @Field(() => [String], {
    description: 'Settings that were changed and take effect at the next start only.',
  })
  restartNeeded!: readonly string[];
}
