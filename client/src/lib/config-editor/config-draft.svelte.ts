// What is being written, between the file that it was made from and the file as it is.
import { askDirectly, changeDirectly } from '#lib/graphql/direct.ts';
import type { Failure } from '#lib/graphql/failure.ts';
import {
  CheckConfigDocument,
  type CheckConfigQuery,
  ConfigFileDocument,
  type ConfigFileQuery,
  RestoreConfigBackupDocument,
  SaveConfigDocument,
  type SavedConfigFragment,
} from '#lib/graphql/generated.ts';
import type { Remark } from './editor.ts';
import { type Base, dropDraft, keepDraft, keptDraft } from './kept-draft.ts';

export type ConfigFile = ConfigFileQuery['configFile'];
export type Check = CheckConfigQuery['checkConfig'];
export type Saved = SavedConfigFragment;

const PAUSE_MS = 400;
const LINE_OF_WARNING = /\(line (\d+)\b/;

export class ConfigDraft {
  /** As it was when it was last asked for. */
  file = $state.raw<ConfigFile>() as ConfigFile;
  base = $state.raw<Base>({ text: '', version: '' });
  text = $state.raw('');
  check = $state.raw<Check>();
  failure = $state.raw<Failure>();
  /** The file, when somebody has changed it since the draft was begun. */
  theirs = $state.raw<Base>();
  /** What came of the last save. */
  saved = $state.raw<Saved>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #checks = 0;

  constructor(file: ConfigFile) {
    this.#begin(file);
    const kept = keptDraft();
    if (file.text !== null && kept && kept.text !== file.text) {
      this.base = kept.base;
      this.text = kept.text;
      if (kept.base.version !== file.version) this.theirs = baseOf(file);
    }
    void this.checkNow();
  }

  readonly isChanged = $derived(this.text !== this.base.text);
  readonly remarks = $derived(this.check ? remarksOf(this.check) : []);

  write(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.saved = undefined;
    keepDraft({ base: this.base, text: this.text });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.checkNow(), PAUSE_MS);
  }

  async checkNow(): Promise<void> {
    if (this.file.text === null) return;
    this.#checks += 1;
    const turn = this.#checks;
    const { version } = this.base;
    const { data, failure } = await askDirectly(CheckConfigDocument, { text: this.text, version });
    if (turn !== this.#checks) return;
    this.failure = failure;
    if (!data) return;
    this.check = data.checkConfig;
    if (!data.checkConfig.isCurrent && !this.theirs) await this.#meetTheirs();
  }

  /** Gives why it could not be saved. */
  async save(reason: string): Promise<Failure | undefined> {
    const { version } = this.base;
    const variables = { text: this.text, version, reason: reason.trim() || null };
    const { data, failure } = await changeDirectly(SaveConfigDocument, variables);
    if (failure?.code === 'CONFLICT') await this.#meetTheirs();
    if (failure) return failure;
    this.text = this.base.text;
    await this.#meetTheirs();
    this.saved = data.saveConfig;
    return undefined;
  }

  /** Gives why it could not be restored. What is being written stays. */
  async restore(id: string): Promise<Failure | undefined> {
    const variables = { id, version: this.file.version };
    const { data, failure } = await changeDirectly(RestoreConfigBackupDocument, variables);
    if (!failure || failure.code === 'CONFLICT') await this.#meetTheirs();
    if (failure) return failure;
    this.saved = data.restoreConfigBackup;
    return undefined;
  }

  /** Goes on with what is written, as a change of the file as it is now. */
  layOnTheirs(): void {
    if (!this.theirs) return;
    this.base = this.theirs;
    this.theirs = undefined;
    keepDraft({ base: this.base, text: this.text });
    void this.checkNow();
  }

  /** Goes back to the file as it is. */
  discard(): void {
    dropDraft();
    this.#begin(this.file);
    void this.checkNow();
  }

  async #meetTheirs(): Promise<void> {
    const { data, failure } = await askDirectly(ConfigFileDocument, {});
    if (failure) {
      this.failure = failure;
      return;
    }
    this.file = data.configFile;
    if (this.file.version === this.base.version) return;
    if (this.isChanged) this.theirs = baseOf(this.file);
    else this.discard();
  }

  #begin(file: ConfigFile): void {
    this.file = file;
    this.base = baseOf(file);
    this.text = this.base.text;
    this.theirs = undefined;
  }
}

const baseOf = ({ text, version }: ConfigFile): Base => ({ text: text ?? '', version });

/** What can be said of a line; the rest is said below the text alone. */
function remarksOf({ problems, warnings }: Check): Remark[] {
  const errors = problems.flatMap(({ line, column, path, message }) =>
    line === null
      ? []
      : [
          {
            line,
            column,
            message: path ? `${path}: ${message}` : message,
            severity: 'error' as const,
          },
        ],
  );
  const hints = warnings.flatMap((message) => {
    const line = Number(LINE_OF_WARNING.exec(message)?.[1] ?? 0);
    return line === 0 ? [] : [{ line, column: null, message, severity: 'warning' as const }];
  });
  return [...errors, ...hints];
}
