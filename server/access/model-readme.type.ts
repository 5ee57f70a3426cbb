import { Field, ObjectType } from 'type-graphql';
import type { Readme } from '../model/readmes.ts';

@ObjectType('ModelReadme', { description: 'What a model’s makers say of it.' })
export class ModelReadmeType implements Readme {
  @Field(() => String, { description: 'Markdown of somebody else: to be sanitised when shown.' })
  text!: string;

  @Field(() => String, { description: 'What links in it are relative to.' })
  baseUrl!: string;
}
