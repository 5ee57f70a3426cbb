// The configuration editor as a program speaks to it.
import { readFile } from 'node:fs/promises';
import type { Person } from '../../support/actors.ts';
import { type TestApp, type TestAppOptions, testApp } from '../../support/app.ts';

export interface ConfigFileAnswer {
  readonly path: string;
  readonly text: string | null;
  readonly version: string;
  readonly isWritable: boolean;
  readonly readOnlyReason: string | null;
  readonly backups: readonly { id: string; savedAt: string; bytes: number }[];
}

export interface Check {
  readonly problems: readonly { line: number | null; path: string; message: string }[];
  readonly warnings: readonly string[];
  readonly effects: readonly { change: string; kind: string }[];
  readonly adminsLost: readonly string[];
  readonly isCurrent: boolean;
}

export interface Saved {
  readonly version: string;
  readonly isInForce: boolean;
  readonly status: { readonly generation: number; readonly restartNeeded: readonly string[] };
}

export const CONFIG_FILE =
  '{ configFile { path text version isWritable readOnlyReason backups { id savedAt bytes } } }';
export const CHECK = `query ($text: String!, $version: String!) { checkConfig(text: $text, version: $version) {
  problems { line path message } warnings effects { change kind } adminsLost isCurrent } }`;
export const SAVE = `mutation ($text: String!, $version: String!, $reason: String) {
  saveConfig(text: $text, version: $version, reason: $reason) {
    version isInForce status { generation restartNeeded } } }`;
export const RESTORE = `mutation ($id: ID!, $version: String!) {
  restoreConfigBackup(id: $id, version: $version) { version isInForce status { generation restartNeeded } } }`;

/** An administrator before the editor. */
export class Editor {
  readonly app: TestApp;
  readonly person: Person;

  constructor(app: TestApp, person: Person) {
    this.app = app;
    this.person = person;
  }

  static async open(options: TestAppOptions = {}): Promise<Editor> {
    const app = await testApp(options);
    return new Editor(app, await app.person('dev@example.com'));
  }

  async file(): Promise<ConfigFileAnswer> {
    return (await this.person.asks<{ configFile: ConfigFileAnswer }>(CONFIG_FILE)).configFile;
  }

  /** The masked text, and its version. */
  async opened(): Promise<{ text: string; version: string }> {
    const { text, version } = await this.file();
    if (text === null) throw new Error('the file is not YAML');
    return { text, version };
  }

  async checks(text: string, version?: string): Promise<Check> {
    const variables = { text, version: version ?? (await this.file()).version };
    return (await this.person.asks<{ checkConfig: Check }>(CHECK, variables)).checkConfig;
  }

  async saves(text: string, version: string, reason?: string): Promise<Saved> {
    return (
      await this.person.asks<{ saveConfig: Saved }>(SAVE, { text, version, reason: reason ?? null })
    ).saveConfig;
  }

  /** The reason with which a save is refused, or its code. */
  async refusedSave(text: string, version: string): Promise<unknown> {
    const { errors } = await this.person.graphql(SAVE, { text, version });
    return errors?.[0]?.extensions.reason ?? errors?.[0]?.extensions.code;
  }

  onDisk(): Promise<string> {
    return readFile(this.app.configFile, 'utf8');
  }
}
