import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { SavedPrompt } from './saved-prompt.entity.ts';

@ObjectType('Prompt', {
  description: 'A text that you or your groups keep to begin messages with.',
})
export class PromptType implements Pick<SavedPrompt, 'id' | 'title' | 'content' | 'groupName'> {
  @Field(() => ID, { description: 'Identifies the prompt.' })
  id!: string;

  @Field(() => String, { description: 'What it is found by.' })
  title!: string;

  @Field(() => String, { description: 'The text.' })
  content!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The group whose members may use it as well; null when it is its owner’s alone.',
  })
  groupName!: string | null | undefined;
}

@InputType('PromptInput', { description: 'A prompt as it shall be.' })
export class PromptInput {
  @Field(() => String, { description: 'One line, up to 100 characters.' })
  title!: string;

  @Field(() => String, { description: 'Up to 32,000 characters; not empty.' })
  content!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A group that you are in, to share it with; left out, it is yours alone.',
  })
  groupName?: string;
}
