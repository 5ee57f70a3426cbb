import { Field, ID, ObjectType } from 'type-graphql';
import type { Folder } from './folder.entity.ts';

@ObjectType('Folder', { description: 'Where you keep conversations.' })
export class FolderType implements Pick<Folder, 'id' | 'name'> {
  @Field(() => ID, { description: 'Identifies the folder.' })
  id!: string;

  @Field(() => String, { description: 'Yours alone, and unlike your others.' })
  name!: string;
}
