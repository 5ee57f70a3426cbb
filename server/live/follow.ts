import type { Bus } from './bus.ts';
import type { Fact } from './facts.ts';

/** A reader this far behind is cut off; it comes back and reads anew instead of being buffered without bound. */
const FACTS_WAITING_MAX = 1_000;

/**
 * The facts that `concerns` picks, from now on, until the signal is aborted. Equal facts that wait to be read are told
 * once: each says only "look again".
 *
 * @throws Error when the reader falls behind too far
 */
export async function* follow(
  bus: Bus,
  concerns: (fact: Fact) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Fact, void> {
  const waiting = new Map<string, Fact>();
  let wake = () => {};
  const unlisten = bus.listen((fact) => {
    if (!concerns(fact) || waiting.size >= FACTS_WAITING_MAX) return;
    waiting.set(JSON.stringify(fact), fact);
    wake();
  });
  const aborted = () => wake();
  signal.addEventListener('abort', aborted, { once: true });
  try {
    while (!signal.aborted) {
      for (const [key, fact] of waiting) {
        waiting.delete(key);
        yield fact;
      }
      if (signal.aborted || waiting.size > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (waiting.size >= FACTS_WAITING_MAX) throw new Error('a reader of facts fell behind');
    }
  } finally {
    unlisten();
    signal.removeEventListener('abort', aborted);
  }
}
