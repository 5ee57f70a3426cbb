// The texts of answers that this page hears word by word, so that their end need not repeat them.

export interface HeardText {
  readonly content: string;
  readonly reasoning: string;
}

const speakers = new Map<string, () => HeardText>();

/** `text` gives what was heard so far. Gives the way to end it. */
export function hear(messageId: string, text: () => HeardText): () => void {
  speakers.set(messageId, text);
  return () => {
    if (speakers.get(messageId) === text) speakers.delete(messageId);
  };
}

export const heardText = (messageId: string): HeardText | undefined => speakers.get(messageId)?.();
