import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Access, AccessRules, GroupRule } from '../config/config.ts';
import type { Page } from '../kernel/page.ts';
import type { GroupView } from './group-list.ts';
import type { GroupMember } from './member-list.ts';
import { PoolPolicyType } from './pool-policy.type.ts';

export const ModelRuleEnum = { ALLOWED: 'allowed', BLOCKED: 'blocked' } as const;
registerEnumType(ModelRuleEnum, {
  name: 'ModelRule',
  description: 'What a rule says of models.',
  valuesConfig: {
    ALLOWED: { description: 'They may be used.' },
    BLOCKED: { description: 'They may not be used.' },
  },
});

const GroupMatchEnum = { ALL: 'all', ANY: 'any' } as const;
registerEnumType(GroupMatchEnum, {
  name: 'GroupMatch',
  description: 'How many rules of a group must hold.',
  valuesConfig: {
    ALL: { description: 'Every one.' },
    ANY: { description: 'One of them is enough.' },
  },
});

@ObjectType('GroupRule', { description: 'What an institution must say of a person.' })
class GroupRuleType implements GroupRule {
  @Field(() => String, { description: 'Name of the claim.' })
  field!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A part of the claim’s text, or one member of its list.',
  })
  contains!: string | null;

  @Field(() => String, { nullable: true, description: 'The whole text of the claim.' })
  equals!: string | null;
}

@ObjectType('GroupAccess', { description: 'What a group says of models.' })
export class GroupAccessType implements Pick<AccessRules, 'default'> {
  @Field(() => ModelRuleEnum, {
    nullable: true,
    description: 'Of models that no rule names; null when it says nothing.',
  })
  default!: Access | null;

  @Field(() => [String], { description: 'Names of models that may be used.' })
  allowed!: readonly string[];

  @Field(() => [String], { description: 'Names of models that may not be used.' })
  blocked!: readonly string[];
}

@ObjectType('GroupMember', { description: 'Somebody who is in a group.' })
class GroupMemberType implements GroupMember {
  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Normalised address; null for a project.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Of a project; null for a person.' })
  slug!: string | null;

  @Field(() => Boolean, { description: 'Whether a rule put them in at their last sign-in.' })
  isByRule!: boolean;

  @Field(() => Boolean, { description: 'Whether an administrator put them in.' })
  isByHand!: boolean;
}

@ObjectType('GroupMemberPage', { description: 'Part of the members of a group.' })
export class GroupMemberPageType implements Page<GroupMember> {
  @Field(() => [GroupMemberType], { description: 'The members of this page, by name.' })
  nodes!: readonly GroupMember[];

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` for what follows; null at the end.',
  })
  next!: string | null;
}

@ObjectType('Group', { description: 'A named set of accounts, with a pool and rules.' })
export class GroupType
  implements Pick<GroupView, 'name' | 'description' | 'isLocked' | 'isActive' | 'rules' | 'match'>
{
  @Field(() => String, { description: 'Identifies the group.' })
  name!: string;

  @Field(() => String, { description: 'A sentence about it; may be empty.' })
  description!: string;

  @Field(() => Boolean, {
    description:
      'Whether the configuration file defines it, so that only its members can be changed here.',
  })
  isLocked!: boolean;

  @Field(() => Boolean, { description: 'Whether it has any effect.' })
  isActive!: boolean;

  @Field(() => [GroupRuleType], { description: 'Rules that put people in when they sign in.' })
  rules!: readonly GroupRuleType[];

  @Field(() => GroupMatchEnum, { description: 'How many of the rules must hold.' })
  match!: GroupView['match'];

  @Field(() => PoolPolicyType, { nullable: true, description: 'The pool that it grants, if any.' })
  pool!: PoolPolicyType | null;
}
