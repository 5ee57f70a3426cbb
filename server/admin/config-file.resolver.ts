import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { type ConfigCheck, checkConfig } from './check-config.ts';
import { type ConfigFileView, configBackup, configFile } from './config-file.ts';
import { ConfigCheckType, ConfigFileType, SavedConfigType } from './config-file.type.ts';
import { restoreConfigBackup, type SavedConfig, saveConfig } from './save-config.ts';

const TEXT = { description: 'The whole file, with marks where secrets are kept.' };
const VERSION = { description: 'Of the file that it was made from: `ConfigFile.version`.' };
const REASON = { nullable: true, description: 'For the audit trail.' };

@Resolver(() => ConfigFileType)
export class ConfigFileResolver {
  @Query(() => ConfigFileType, {
    description: 'For administrators: config.yaml, unless `app.config_editor` is false.',
  })
  configFile(@Ctx() ctx: Context): Promise<ConfigFileView> {
    return configFile(ctx);
  }

  @FieldResolver(() => Boolean, { description: 'Whether it can be saved from here.' })
  isWritable(@Root() { readOnlyReason }: ConfigFileView): boolean {
    return readOnlyReason === null;
  }

  @Query(() => String, {
    nullable: true,
    description:
      'For administrators: the text of a backup, with marks as in `ConfigFile.text`; null when it is not YAML.',
  })
  configBackup(
    @Arg('id', () => ID, { description: 'Which one.' }) id: string,
    @Ctx() ctx: Context,
  ): Promise<string | null> {
    return configBackup(ctx, id);
  }

  @Query(() => ConfigCheckType, {
    description: 'For administrators: what would come of saving a text; nothing is changed.',
  })
  checkConfig(
    @Arg('text', () => String, TEXT) text: string,
    @Arg('version', () => String, VERSION) version: string,
    @Ctx() ctx: Context,
  ): Promise<ConfigCheck> {
    return checkConfig(ctx, text, version);
  }

  @Mutation(() => SavedConfigType, {
    description:
      'For administrators: replaces config.yaml, and waits until it is in force. Refused with CONFLICT when the file has another version by now, and when you would be an administrator no longer.',
  })
  saveConfig(
    @Arg('text', () => String, TEXT) text: string,
    @Arg('version', () => String, VERSION) version: string,
    @Arg('reason', () => String, REASON) reason: string | null,
    @Ctx() ctx: Context,
  ): Promise<SavedConfig> {
    return saveConfig(ctx, text, version, reason ?? null);
  }

  @Mutation(() => SavedConfigType, {
    description:
      'For administrators: puts a backup in the place of config.yaml, with the secrets that it has. What is replaced becomes a backup.',
  })
  restoreConfigBackup(
    @Arg('id', () => ID, { description: 'Which one: `ConfigBackup.id`.' }) id: string,
    @Arg('version', () => String, { description: 'Of the file as you have seen it.' })
    version: string,
    @Arg('reason', () => String, REASON) reason: string | null,
    @Ctx() ctx: Context,
  ): Promise<SavedConfig> {
    return restoreConfigBackup(ctx, id, version, reason ?? null);
  }
}
