import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import type { SavedPrompt } from './saved-prompt.entity.ts';
import { PromptInput, PromptType } from './saved-prompt.type.ts';
import { createPrompt, deletePrompt, promptList, updatePrompt } from './saved-prompts.ts';

@Resolver(() => PromptType)
export class SavedPromptResolver {
  @Query(() => [PromptType], {
    description: 'Your prompts, and those that your groups share, by title.',
  })
  prompts(@Ctx() ctx: Context): Promise<readonly SavedPrompt[]> {
    return promptList(ctx);
  }

  @FieldResolver(() => Boolean, { description: 'Whether you may change and delete it.' })
  isOwn(@Root() { ownerId }: SavedPrompt, @Ctx() { actor }: Context): boolean {
    return ownerId === actor?.accountId;
  }

  @Mutation(() => PromptType, { description: 'Keeps a prompt.' })
  createPrompt(
    @Arg('input', () => PromptInput, { description: 'The prompt.' }) input: PromptInput,
    @Ctx() ctx: Context,
  ): Promise<SavedPrompt> {
    return createPrompt(ctx, { ...input, groupName: input.groupName ?? null });
  }

  @Mutation(() => PromptType, { description: 'Changes one of your prompts.' })
  updatePrompt(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Arg('input', () => PromptInput, { description: 'All of it, as it shall be.' })
    input: PromptInput,
    @Ctx() ctx: Context,
  ): Promise<SavedPrompt> {
    return updatePrompt(ctx, id, { ...input, groupName: input.groupName ?? null });
  }

  @Mutation(() => ID, { description: 'Deletes one of your prompts. Gives its id.' })
  deletePrompt(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<string> {
    return deletePrompt(ctx, id);
  }
}
