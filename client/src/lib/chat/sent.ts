// What was sent, until its fate is known. It is kept with its key, also when the page is loaded anew: sent again with
// the same key, a message that has arrived all the same is not asked, or paid for, twice.
const slotOf = (conversationId: string | undefined) => `lumen.sent.${conversationId ?? 'new'}`;

export interface Sent {
  /** Undefined begins a conversation. */
  readonly conversationId: string | undefined;
  readonly text: string;
  /** The newest message that was there before; empty when there was none. */
  readonly lastId: string;
  /** By the clock of this page, in milliseconds. */
  readonly sentAt: number;
  readonly key: string;
}

/** `crypto.randomUUID` is not there on pages that came over plain HTTP. */
const newKey = () => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));

function stored(slot: string): Sent | undefined {
  try {
    const sent: unknown = JSON.parse(sessionStorage.getItem(slot) ?? 'null');
    return sent !== null && typeof sent === 'object' ? (sent as Sent) : undefined;
  } catch {
    return undefined;
  }
}

/** The same as before for a text whose fate is not known yet; else with a new key. */
export function sentOf(letter: Pick<Sent, 'conversationId' | 'text' | 'lastId'>): Sent {
  const slot = slotOf(letter.conversationId);
  const before = stored(slot);
  if (before?.text === letter.text) return { ...before, conversationId: letter.conversationId };
  const { conversationId, text, lastId } = letter;
  const sent = { conversationId, text, lastId, sentAt: Date.now(), key: newKey() };
  sessionStorage.setItem(slot, JSON.stringify(sent));
  return sent;
}

export const forget = ({ conversationId }: Pick<Sent, 'conversationId'>): void =>
  sessionStorage.removeItem(slotOf(conversationId));
