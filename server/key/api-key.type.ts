import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { Scope } from '../context.ts';
import { Decimal } from '../kernel/decimal.type.ts';
import type { ApiKey } from './api-key.entity.ts';
import type { ApiKeyWish, NewApiKey } from './create-api-key.ts';

const ApiKeyScope = {
  CHAT: 'chat',
  MODELS: 'models',
  USAGE: 'usage',
  GRAPHQL_READ: 'graphql:read',
  GRAPHQL: 'graphql',
} as const satisfies Record<string, Scope>;
registerEnumType(ApiKeyScope, {
  name: 'ApiKeyScope',
  description: 'What a key may be used for.',
  valuesConfig: {
    CHAT: {
      description:
        'Answers of models: completions on /v1, sendMessage, and the files that it brings.',
    },
    MODELS: { description: 'The list of models on /v1.' },
    USAGE: {
      description:
        'What the account itself has used: `viewer { usage }` and `usage`, and nothing beside them.',
    },
    GRAPHQL_READ: { description: 'All queries of GraphQL.' },
    GRAPHQL: { description: 'All of GraphQL.' },
  },
});

@InputType({ description: 'A key to be made.' })
export class CreateApiKeyInput implements ApiKeyWish {
  @Field(() => String, {
    nullable: true,
    description: 'What to call it: one line, up to 128 characters; "Unnamed Key", when left out.',
  })
  name?: string | null;

  @Field(() => Date, { nullable: true, description: 'From when on it opens nothing any more.' })
  expiresAt?: Date | null;

  @Field(() => [ApiKeyScope], {
    nullable: true,
    description: 'What it may be used for; everything, when left out.',
  })
  scopes?: Scope[] | null;

  @Field(() => Decimal, { nullable: true, description: 'Coins that it may cost in all.' })
  costMax?: string | null;
}

@ObjectType('ApiKey', { description: 'A key that stands for its account on /v1 and /graphql.' })
export class ApiKeyType
  implements
    Pick<
      ApiKey,
      | 'id'
      | 'name'
      | 'hint'
      | 'createdAt'
      | 'lastUsedAt'
      | 'lastAddressClass'
      | 'revokedAt'
      | 'expiresAt'
      | 'scopes'
      | 'costMax'
      | 'isActive'
    >
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

  @Field(() => String, {
    nullable: true,
    description: 'Where it was used from last: `loopback`, `private` or `public`; no more is kept.',
  })
  lastAddressClass!: ApiKey['lastAddressClass'];

  @Field(() => Date, {
    nullable: true,
    description: 'From when on it opens nothing any more; null is never.',
  })
  expiresAt!: Date | null | undefined;

  @Field(() => [ApiKeyScope], { description: 'What it may be used for.' })
  scopes!: Scope[];

  @Field(() => Decimal, {
    nullable: true,
    description: 'Coins that it may cost in all, running requests included; null is no limit.',
  })
  costMax!: ApiKey['costMax'];

  @Field(() => Boolean, { description: 'Whether it opens anything: neither revoked nor expired.' })
  isActive!: boolean;
}

@ObjectType('CreateApiKeyPayload', { description: 'A new key.' })
export class CreateApiKeyPayload implements NewApiKey {
  @Field(() => ApiKeyType, { description: 'What is kept of it.' })
  apiKey!: ApiKey;

  @Field(() => String, { description: 'The key itself: `sk_` and 43 characters, shown this once.' })
  secret!: string;
}
