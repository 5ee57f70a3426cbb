import { Field, Float, InputType } from 'type-graphql';
import type { Access, PoolPolicy } from '../config/config.ts';
import { ModelRuleEnum } from './group.type.ts';
import type { AccessDefinition, GroupDefinition, PoolDefinition } from './group-definition.ts';
import { PoolUnitEnum } from './pool-policy.type.ts';

@InputType('PoolPolicyInput', { description: 'The pool that is granted, in its unit.' })
export class PoolPolicyInput implements PoolDefinition {
  @Field(() => PoolUnitEnum, { nullable: true, description: 'What it counts; left out, coins.' })
  unit?: PoolPolicy['unit'] | null;

  @Field(() => Float, { description: 'Its size; -2 is unlimited.' })
  max!: number;

  @Field(() => Float, { nullable: true, description: 'What it regains in an hour; left out, 0.' })
  refreshPerHour?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'What is in it at the start; left out, its size.',
  })
  starting?: number | null;
}

@InputType('GroupAccessInput', { description: 'What a group says of models.' })
class GroupAccessInput implements AccessDefinition {
  @Field(() => ModelRuleEnum, {
    nullable: true,
    description: 'Of models that no rule names; left out, nothing.',
  })
  default?: Access | null;

  @Field(() => [String], { nullable: true, description: 'Names of models that may be used.' })
  allowed?: readonly string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Names of models that may not be used; wins over `allowed`.',
  })
  blocked?: readonly string[] | null;
}

@InputType('GroupInput', { description: 'The whole definition of a group.' })
export class GroupInput implements GroupDefinition {
  @Field(() => String, { description: 'Identifies the group: one line, up to 200 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'A sentence about it; left out, empty.' })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it has any effect; left out, it has.',
  })
  isActive?: boolean | null;

  @Field(() => PoolPolicyInput, {
    nullable: true,
    description: 'The pool that it grants; left out, none.',
  })
  pool?: PoolPolicyInput | null;

  @Field(() => GroupAccessInput, {
    nullable: true,
    description: 'What it says of models; left out, nothing.',
  })
  access?: GroupAccessInput | null;
}
