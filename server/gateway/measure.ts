/** What a request is measured in, and how much of that coins are held for: tokens, or seconds of audio. */
import type { Rates, Wanted } from '../budget/pool.ts';
import type { Config, ModelConfig } from '../config/config.ts';
import type { Ask } from './ask.ts';
import { choicesOf, estimatedInputTokens, hasLimit, outputTokensWanted } from './estimate.ts';

/**
 * Where audio is paid for by its time, a second stands in the place of a token: the estimated length is the input, and
 * the output is what the estimate may be wrong by.
 */
export interface Measure extends Wanted {
  readonly prices: Rates;
  /** Estimated length of the audio that is paid for by its time; null when tokens count. */
  readonly seconds: number | null;
}

/** An hour is held at least, if it can be afforded: nobody knows how tightly a recording is packed. */
const HELD_SECONDS_MIN = 3600;
const HELD_TIMES = 4;
const SPOKEN_CHARACTERS_PER_SECOND = 15;

export function measureOf(
  ask: Ask,
  model: ModelConfig,
  { outputTokens: assumed, clampOutput }: Config['budgets'],
): Measure {
  const { audio } = model.prices;
  const seconds = audio === null ? null : secondsOf(ask);
  if (audio !== null && seconds !== null) return byTime(seconds, { input: audio, output: audio });
  return {
    prices: model.prices,
    seconds: null,
    inputTokens: estimatedInputTokens(ask.body),
    outputTokens: outputTokensWanted(ask, model, assumed),
    choices: choicesOf(ask.body),
    // What is said in a recording can't be cut short, and is rarely as long as an answer may be.
    clamp: hasLimit(ask.path) ? clampOutput : ask.recording !== undefined,
  };
}

const byTime = (seconds: number, prices: Rates): Measure => ({
  prices,
  seconds,
  inputTokens: seconds,
  outputTokens: Math.max(HELD_SECONDS_MIN, seconds * HELD_TIMES) - seconds,
  choices: 1,
  clamp: true,
});

function secondsOf({ path, body, recording }: Ask): number | null {
  if (recording) return recording.seconds;
  if (path !== '/audio/speech') return null;
  return Math.ceil(String(body.input ?? '').length / SPOKEN_CHARACTERS_PER_SECOND);
}
