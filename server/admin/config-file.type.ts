import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ConfigEffect } from '../config/config-file.ts';
import type { ConfigProblem } from '../config/problem.ts';
import type { Backup } from '../config/replace-file.ts';
import type { ConfigStatus } from '../config/status.ts';
import type { ConfigCheck } from './check-config.ts';
import type { ConfigFileView } from './config-file.ts';
import { ConfigProblemType, ConfigStatusType } from './config-status.type.ts';
import type { SavedConfig } from './save-config.ts';

const EffectKind = { HOT: 'HOT', RESTART: 'RESTART' } as const;
registerEnumType(EffectKind, {
  name: 'ConfigEffectKind',
  description: 'When a change of the configuration takes effect.',
  valuesConfig: {
    HOT: { description: 'With the save.' },
    RESTART: { description: 'With the next start of Lumen.' },
  },
});

@ObjectType('ConfigBackup', { description: 'A text that the file had before a save.' })
class ConfigBackupType implements Backup {
  @Field(() => ID, { description: 'Names it for `restoreConfigBackup`.' })
  id!: string;

  @Field(() => Date, { description: 'When it was replaced.' })
  savedAt!: Date;

  @Field(() => Int, { description: 'How large it is.' })
  bytes!: number;
}

@ObjectType('ConfigFile', { description: 'config.yaml, for administrators to edit.' })
export class ConfigFileType implements ConfigFileView {
  @Field(() => String, { description: 'Where it lies.' })
  path!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The whole text, in which a mark such as `(kept secret 0123456789abcdef)` stands for each secret: a text with the mark keeps the secret. Null when it is not YAML.',
  })
  text!: string | null;

  @Field(() => String, { description: 'Tells this text from others; a save must name it.' })
  version!: string;

  @Field(() => Boolean, { description: 'Whether it can be saved from here.' })
  isWritable!: boolean;

  @Field(() => String, { nullable: true, description: 'Why not; null when it can.' })
  readOnlyReason!: string | null;

  @Field(() => [ConfigBackupType], { description: 'The last texts, newest first; at most 20.' })
  backups!: readonly Backup[];
}

@ObjectType('ConfigEffect', { description: 'What a text would change of the configuration.' })
class ConfigEffectType implements ConfigEffect {
  @Field(() => String, { description: 'Such as `models added: gemma`; never a value.' })
  change!: string;

  @Field(() => EffectKind, { description: 'When it takes effect.' })
  kind!: ConfigEffect['kind'];
}

@ObjectType('ConfigCheck', { description: 'What would come of saving a text.' })
export class ConfigCheckType implements ConfigCheck {
  @Field(() => [ConfigProblemType], { description: 'Why it would be refused; empty when not.' })
  problems!: readonly ConfigProblem[];

  @Field(() => [String], { description: 'What its author should know all the same.' })
  warnings!: readonly string[];

  @Field(() => [ConfigEffectType], { description: 'What it changes of what is in force.' })
  effects!: readonly ConfigEffect[];

  @Field(() => [String], { description: 'Addresses of who would be an administrator no longer.' })
  adminsLost!: readonly string[];

  @Field(() => Boolean, { description: 'Whether the file is still of the version named.' })
  isCurrent!: boolean;
}

@ObjectType('SavedConfig', { description: 'What came of saving the configuration.' })
export class SavedConfigType implements SavedConfig {
  @Field(() => String, { description: 'Of the file as it is now.' })
  version!: string;

  @Field(() => Boolean, {
    description: 'Whether it is in force; others may take some seconds to follow.',
  })
  isInForce!: boolean;

  @Field(() => ConfigStatusType, { description: 'How it stands at the replica that answers.' })
  status!: ConfigStatus;
}
