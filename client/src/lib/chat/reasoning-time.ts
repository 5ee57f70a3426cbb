// How long a model thought. While an answer grows it is measured here; an old answer tells it only by its tokens.

interface Answered {
  readonly id: string;
  readonly reasoningMs: number | null;
  readonly durationMs: number | null;
  readonly timeToFirstTokenMs: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
}

const measured = new Map<string, number>();

export function measuredReasoning(messageId: string, ms: number): void {
  measured.set(messageId, ms);
}

/** In milliseconds; null where nothing is known of it. */
export function reasoningMs(message: Answered): number | null {
  const known = message.reasoningMs ?? measured.get(message.id);
  if (known !== undefined) return known;
  const { durationMs, timeToFirstTokenMs, outputTokens, reasoningTokens } = message;
  if (durationMs === null || !outputTokens || !reasoningTokens) return null;
  const waited = timeToFirstTokenMs ?? 0;
  return waited + (durationMs - waited) * Math.min(1, reasoningTokens / outputTokens);
}

/** "4 s", "2 min 5 s": nobody wants to know the milliseconds of a thought. */
export function inSeconds(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  const minutes = `${Math.floor(seconds / 60)} min`;
  return rest ? `${minutes} ${rest} s` : minutes;
}
