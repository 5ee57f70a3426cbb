import { Field, ID, ObjectType } from 'type-graphql';
import type { Page } from '../kernel/page.ts';
import type { SearchHit } from './search-conversations.ts';
import type { SnippetPart } from './snippet.ts';

@ObjectType('SnippetPart', { description: 'A part of a snippet: plain text, never markup.' })
class SnippetPartType implements SnippetPart {
  @Field(() => String, { description: 'To be shown as it is.' })
  text!: string;

  @Field(() => Boolean, { description: 'Whether it is what was looked for.' })
  isMatch!: boolean;
}

@ObjectType('SearchHit', { description: 'A conversation or a message in which words were found.' })
export class SearchHitType implements Pick<SearchHit, 'messageId' | 'snippet'> {
  @Field(() => ID, {
    nullable: true,
    description: 'The message to jump to; null when the title was found.',
  })
  messageId!: string | null;

  @Field(() => [SnippetPartType], { description: 'What stands around it, in order.' })
  snippet!: readonly SnippetPart[];
}

@ObjectType('SearchPage', { description: 'Part of what was found.' })
export class SearchPageType implements Page<SearchHit> {
  @Field(() => [SearchHitType], { description: 'The best first, titles before messages.' })
  nodes!: readonly SearchHit[];

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` for what follows; null at the end.',
  })
  next!: string | null;
}
