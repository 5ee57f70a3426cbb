import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { Viewer } from '../account/viewer.ts';
import { ViewerType } from '../account/viewer.type.ts';
import { type Context, signedIn } from '../context.ts';
import type { ApiKey } from './api-key.entity.ts';
import { ApiKeyType, CreateApiKeyInput, CreateApiKeyPayload } from './api-key.type.ts';
import { apiKeyList } from './api-key-list.ts';
import { createApiKey, type NewApiKey } from './create-api-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';

@Resolver(() => ViewerType)
export class ApiKeyResolver {
  @FieldResolver(() => [ApiKeyType], {
    description: 'The keys of the account, revoked ones too, the newest first.',
  })
  apiKeys(@Root() viewer: Viewer, @Ctx() ctx: Context): Promise<readonly ApiKey[]> {
    return apiKeyList(ctx, viewer.id);
  }

  @Mutation(() => CreateApiKeyPayload, {
    description: 'Makes a key for your account; note its secret, it is shown this once.',
  })
  createApiKey(
    @Arg('name', () => String, {
      nullable: true,
      description: 'What to call a key without limits; `input` is for one that has some.',
    })
    name: string | undefined,
    @Arg('input', () => CreateApiKeyInput, {
      nullable: true,
      description: 'Name and limits of the key, instead of `name`.',
    })
    input: CreateApiKeyInput | undefined,
    @Ctx() ctx: Context,
  ): Promise<NewApiKey> {
    return createApiKey(ctx, signedIn(ctx).accountId, input ?? { name });
  }

  @Mutation(() => ApiKeyType, { description: 'Ends one of your keys for good; its history stays.' })
  revokeApiKey(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<ApiKey> {
    return revokeApiKey(ctx, id);
  }
}
