import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { UploadRules } from '../config/config.ts';
import type { Upload } from './upload.ts';

@ObjectType('Upload', {
  description:
    'A file that was uploaded for a message, by POST /uploads?name=… with the file as the body. It waits a day to be sent.',
})
export class UploadType implements Upload {
  @Field(() => ID, { description: 'Identifies the file.' })
  id!: string;

  @Field(() => String, { description: 'Its name, without a path.' })
  name!: string;

  @Field(() => String, {
    description: 'What it is: an image, PDF, docx, or text/plain for text of any kind.',
  })
  mediaType!: string;

  @Field(() => Int, { description: 'Bytes.' })
  size!: number;

  @Field(() => Int, { nullable: true, description: 'Pixels; null for a document.' })
  width!: number | null;

  @Field(() => Int, { nullable: true, description: 'Pixels; null for a document.' })
  height!: number | null;

  @Field(() => Boolean, { description: 'Whether models read only the beginning of its text.' })
  isCut!: boolean;
}

@ObjectType('UploadRules', { description: 'What may be uploaded for a message.' })
export class UploadRulesType implements Pick<UploadRules, 'bytesMax' | 'extensions'> {
  @Field(() => Int, { description: 'Bytes that one file may have.' })
  bytesMax!: number;

  @Field(() => [String], {
    description: 'Kinds of files, by their usual endings. What a file is counts, not its name.',
  })
  extensions!: readonly string[];
}
