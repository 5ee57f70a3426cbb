import { createSubscriber } from 'svelte/reactivity';

const STEP_MS = 30_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, STEP_MS);
  return () => clearInterval(timer);
});

/** Milliseconds since 1970. What reads it where it is drawn is drawn anew as time goes by. */
export function now(): number {
  subscribe();
  return Date.now();
}
