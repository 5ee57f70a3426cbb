import { Field, Float, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ChatSettings, ChatSettingsWish } from './chat-settings.ts';

const ReasoningEffortEnum = {
  NONE: 'none',
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
} as const;
registerEnumType(ReasoningEffortEnum, {
  name: 'ReasoningEffort',
  description:
    'How much a model shall think before it answers; models that do not reason ignore it.',
  valuesConfig: {
    NONE: { description: 'Not at all.' },
    MINIMAL: { description: 'As little as it can.' },
    LOW: { description: 'A little.' },
    MEDIUM: { description: 'As usual.' },
    HIGH: { description: 'A lot.' },
  },
});

type Wish<K extends keyof ChatSettings> = ChatSettings[K] | null;

@ObjectType('ChatSettings', {
  description: 'What answers are made with; null leaves a setting to the model.',
})
@InputType('ChatSettingsInput', {
  description: 'What answers shall be made with; what is left out is left to the model.',
})
export class ChatSettingsType implements ChatSettingsWish {
  @Field(() => String, {
    nullable: true,
    description: 'Told to the model before everything that is said; up to 32,000 characters.',
  })
  systemPrompt?: Wish<'systemPrompt'>;

  @Field(() => Float, { nullable: true, description: 'From 0, most likely, to 2, most varied.' })
  temperature?: Wish<'temperature'>;

  @Field(() => Float, {
    nullable: true,
    description: 'Above 0 and up to 1: the share of likely tokens that is chosen from.',
  })
  topP?: Wish<'topP'>;

  @Field(() => Int, { nullable: true, description: 'Tokens that an answer may have at most.' })
  maxTokens?: Wish<'maxTokens'>;

  @Field(() => ReasoningEffortEnum, {
    nullable: true,
    description: 'How much the model shall think.',
  })
  reasoningEffort?: Wish<'reasoningEffort'>;

  @Field(() => Int, {
    nullable: true,
    description: 'The same seed gives the same answer, as far as the model server can do so.',
  })
  seed?: Wish<'seed'>;
}
