import {
  Arg,
  Ctx,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import type { Context } from '../context.ts';
import {
  type ExportFormat,
  type ExportPage,
  exportConversation,
  exportConversations,
} from './export-conversations.ts';
import { importConversations } from './import-conversations.ts';

const ExportFormatEnum = { MARKDOWN: 'markdown', JSON: 'json' } as const;
registerEnumType(ExportFormatEnum, {
  name: 'ExportFormat',
  description:
    'Markdown is to be read and has the branch that is shown; JSON has all and can be imported.',
  valuesConfig: {
    MARKDOWN: { description: 'To be read: the branch that is shown.' },
    JSON: { description: 'All of it, to be imported again.' },
  },
});

@ObjectType('ExportPage', { description: 'Some of your conversations as a file.' })
class ExportPageType implements ExportPage {
  @Field(() => String, {
    description: 'A whole file: each page can be kept and imported by itself.',
  })
  text!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` for what follows; null at the end.',
  })
  next!: string | null;
}

@Resolver()
export class TransferResolver {
  @Query(() => String, { description: 'One of your conversations as a file.' })
  exportConversation(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Arg('format', () => ExportFormatEnum, { description: 'Of the file.' }) format: ExportFormat,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return exportConversation(ctx, id, format);
  }

  @Query(() => ExportPageType, {
    description: 'All your conversations as files, the one that changed last first.',
  })
  exportConversations(
    @Arg('format', () => ExportFormatEnum, { description: 'Of the files.' }) format: ExportFormat,
    @Arg('first', () => Int, {
      defaultValue: 20,
      description: 'Conversations in a file, up to 50.',
    })
    first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `next` of the page before.' })
    after: string | null,
    @Ctx() ctx: Context,
  ): Promise<ExportPage> {
    return exportConversations(ctx, { first, after: after ?? null, format });
  }

  @Mutation(() => Int, {
    description:
      'Adds the conversations of a file: JSON of Lumen’s, or `conversations.json` of ChatGPT’s. All or none; gives how many. Those that an earlier import has added, and that are still there, are not added again. A larger file is sent in several: each a file of its own with some of the conversations.',
  })
  importConversations(
    @Arg('file', () => String, { description: 'What is in the file, up to 4 MB.' }) file: string,
    @Ctx() ctx: Context,
  ): Promise<number> {
    return importConversations(ctx, file);
  }
}
