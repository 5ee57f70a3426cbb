import { GraphQLJSON } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Page } from '../kernel/page.ts';
import type { AuditActor, AuditFilter, AuditView } from './audit-list.ts';

@ObjectType('AuditActor', { description: 'Who changed something.' })
class AuditActorType implements AuditActor {
  @Field(() => ID, { description: 'Of the account.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Null for a project, or when it is gone.' })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'Null when the account is gone.' })
  name!: string | null;
}

@ObjectType('AuditEntry', { description: 'One change: who did what to whom; never a secret.' })
class AuditEntryType implements AuditView {
  @Field(() => ID, { description: 'Identifies the entry.' })
  id!: string;

  @Field(() => Date, { description: 'When it was done.' })
  at!: Date;

  @Field(() => AuditActorType, {
    nullable: true,
    description: 'Null for Lumen itself, as at a sign-in, and for commands on the server.',
  })
  actor!: AuditActorType | null;

  @Field(() => String, { description: 'What was done: `account.disabled`.' })
  action!: string;

  @Field(() => String, { description: 'What `subject` is: `account`, `group`, `key`.' })
  subjectKind!: AuditView['subjectKind'];

  @Field(() => String, {
    description: 'Whom or what it was done to: an id, or the name of a group.',
  })
  subject!: string;

  @Field(() => String, {
    nullable: true,
    description: 'When it is an account: the address, or the slug of a project.',
  })
  subjectName!: string | null;

  @Field(() => GraphQLJSON, { nullable: true, description: 'What was, as far as it changed.' })
  before!: unknown;

  @Field(() => GraphQLJSON, { nullable: true, description: 'What is since, as far as it changed.' })
  after!: unknown;

  @Field(() => String, { nullable: true, description: 'Why, in the words of whoever did it.' })
  reason!: string | null;
}

@ObjectType('AuditEntryPage', { description: 'Part of the audit trail.' })
export class AuditEntryPageType implements Page<AuditView> {
  @Field(() => [AuditEntryType], { description: 'The entries of this page, the newest first.' })
  nodes!: readonly AuditView[];

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` for what was before; null at the end.',
  })
  next!: string | null;
}

@InputType('AuditFilter', { description: 'Which entries: all that is given must hold.' })
export class AuditFilterInput implements AuditFilter {
  @Field(() => String, { nullable: true, description: 'Who did it: an id, or an address.' })
  actor?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'To whom or what: an id, the address of a person, or a name.',
  })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'What was done: `account.disabled`.' })
  action?: string | null;

  @Field(() => Date, { nullable: true, description: 'Not before this moment.' })
  from?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Before this moment.' })
  to?: Date | null;
}
