/** What all have in common that let their work finish when the process is about to end. */
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.ts';

/** Why nothing new is begun. */
export const restarting = (): Failure =>
  new Failure('MODEL_UNAVAILABLE', 'The server is being restarted. Please try again in a moment.');

/** Waits for work, but no longer than so; the process may end before. */
export async function waitAtMost(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, delay(ms, undefined, { ref: false })]);
}
