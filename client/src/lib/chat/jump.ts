import type { Thread } from './thread.svelte.ts';

const FRAMES = 8;

/** Brings the turn of a message into the window, on whichever branch it is; gives whether it is there. */
export function jumpTo(id: string, thread: Thread, log: HTMLElement): boolean {
  const turn = thread.turns.find(({ messages }) => messages.some((message) => message.id === id));
  if (!turn) {
    const message = thread.find(id);
    if (message) void thread.show(message);
    return false;
  }
  const go = (left: number) => {
    const element =
      log.querySelector<HTMLElement>(`[data-turn="${turn.id}"]`) ??
      log.querySelector<HTMLElement>(`[data-turns~="${turn.id}"]`);
    element?.scrollIntoView({ block: 'start' });
    element?.focus({ preventScroll: true });
    // What is near is drawn only now, and is higher or lower than it was taken to be.
    if (left > 0) requestAnimationFrame(() => go(left - 1));
  };
  requestAnimationFrame(() => go(FRAMES));
  return true;
}
