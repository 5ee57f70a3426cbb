import { change } from '#lib/graphql/client.ts';
import { type ChatSettingsInput, SetSettingsDocument } from '#lib/graphql/generated.ts';
import type { Thread } from './thread.svelte.ts';

/** What is decided of a chat before its first message is sent. */
export class Beginning {
  isTemporary = $state(false);
  settings = $state.raw<ChatSettingsInput>();

  get input(): { isTemporary: boolean; settings?: ChatSettingsInput } {
    const { isTemporary, settings } = this;
    return settings ? { isTemporary, settings } : { isTemporary };
  }

  /** Keeps the settings of the conversation or, where there is none yet, for its first message. */
  async keep(thread: Thread | undefined, settings: ChatSettingsInput): Promise<string | undefined> {
    if (!thread) {
      this.settings = settings;
      return undefined;
    }
    const { failure } = await change(SetSettingsDocument, { id: thread.id, settings });
    return failure?.message;
  }

  /** The next chat begins without all this. */
  forget(): void {
    this.isTemporary = false;
    this.settings = undefined;
  }
}
