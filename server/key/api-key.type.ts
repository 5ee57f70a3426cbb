import { Field, ID, ObjectType } from 'type-graphql';
import type { ApiKey } from './api-key.entity.ts';
import type { NewApiKey } from './create-api-key.ts';

@ObjectType('ApiKey', { description: 'A key that stands for its account on /v1 and /graphql.' })
export class ApiKeyType
  implements Pick<ApiKey, 'id' | 'name' | 'hint' | 'createdAt' | 'lastUsedAt' | 'revokedAt'>
{
  @Field(() => ID, { description: 'Identifies the key; it is not the key.' })
  id!: string;

  @Field(() => String, { description: 'What its owner calls it.' })
  name!: string;

  @Field(() => String, { description: 'The first 7 and the last 4 characters of the key.' })
  hint!: string;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'When a request with it ended last; null when it was never used.',
  })
  lastUsedAt!: Date | null | undefined;

  @Field(() => Date, {
    nullable: true,
    description: 'Since when it opens nothing any more; null while it does.',
  })
  revokedAt!: Date | null | undefined;
}

@ObjectType('CreateApiKeyPayload', { description: 'A new key.' })
export class CreateApiKeyPayload implements NewApiKey {
  @Field(() => ApiKeyType, { description: 'What is kept of it.' })
  apiKey!: ApiKey;

  @Field(() => String, { description: 'The key itself: `sk_` and 43 characters, shown this once.' })
  secret!: string;
}
