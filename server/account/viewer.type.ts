import { Field, ID, ObjectType } from 'type-graphql';
import type { Viewer } from './viewer.ts';

@ObjectType('Viewer', { description: 'The account that asks, with what it has and has used.' })
export class ViewerType implements Pick<Viewer, 'id' | 'name' | 'email' | 'initials' | 'isAdmin'> {
  @Field(() => ID, { description: 'Identifies the account.' })
  id!: string;

  @Field(() => String, { description: 'The name to show.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Normalised address; null for a project.' })
  email!: string | null;

  @Field(() => String, { description: 'Two letters that stand for the account.' })
  initials!: string;

  @Field(() => Boolean, { description: 'Whether the account may administer this Lumen.' })
  isAdmin!: boolean;
}
