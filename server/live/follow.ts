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
  let isBehind = false;
  let wake = () => {};
  const unlisten = bus.listen((fact) => {
    if (!concerns(fact)) return;
    if (waiting.size < FACTS_WAITING_MAX) waiting.set(JSON.stringify(fact), fact);
    else isBehind = true;
    wake();
  });
  const aborted = () => wake();
  signal.addEventListener('abort', aborted, { once: true });
  try {
    while (!signal.aborted) {
      if (isBehind) throw new Error('a reader of facts fell behind');
      const [next] = waiting;
      if (next) {
        waiting.delete(next[0]);
        yield next[1];
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    unlisten();
    signal.removeEventListener('abort', aborted);
  }
}
