import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Paced } from '../../../client/src/lib/chat/paced.ts';

let now: number;
let frames: (() => void)[];
/** What was asked to happen later, and in how many ms. */
let rests: { readonly ms: number; readonly then: () => void }[];
/** What the browser does after a frame's scripts. */
let paints: (() => void)[];

class PaintedChannel {
  readonly port1: { onmessage?: () => void; close: () => void } = { close: () => undefined };
  readonly port2 = { postMessage: () => void paints.push(() => this.port1.onmessage?.()) };
}

beforeEach(() => {
  [now, frames, rests, paints] = [1_000, [], [], []];
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
  vi.stubGlobal('cancelAnimationFrame', () => frames.splice(0));
  vi.stubGlobal('setTimeout', (then: () => void, ms: number) => rests.push({ ms, then }));
  vi.stubGlobal('clearTimeout', () => rests.splice(0));
  vi.stubGlobal('MessageChannel', PaintedChannel);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** One frame that the browser takes so long to lay out and paint. */
function frame(paintMs: number) {
  for (const draw of frames.splice(0)) draw();
  now += paintMs;
  for (const painted of paints.splice(0)) painted();
}

test('what is asked for many times is drawn once a frame', () => {
  const draw = vi.fn();
  const paced = new Paced(draw);
  for (let chunk = 0; chunk < 5; chunk += 1) paced.request();
  frame(2);
  expect(draw).toHaveBeenCalledTimes(1);
  frame(2);
  expect(draw).toHaveBeenCalledTimes(1);
  paced.request();
  frame(2);
  expect(draw).toHaveBeenCalledTimes(2);
});

test('a frame that is slow to paint is rested from, and what came meanwhile is drawn afterwards', () => {
  const draw = vi.fn();
  const paced = new Paced(draw);
  paced.request();
  for (const begun of frames.splice(0)) begun();
  paced.request();
  expect(frames).toEqual([]);
  frame(40);
  expect(rests.map(({ ms }) => ms)).toEqual([120]);
  for (const { then } of rests.splice(0)) then();
  frame(2);
  expect(draw).toHaveBeenCalledTimes(2);
});

test('nothing is drawn any more once it was stopped', () => {
  const draw = vi.fn();
  const paced = new Paced(draw);
  paced.request();
  for (const begun of frames.splice(0)) begun();
  paced.request();
  paced.stop();
  frame(40);
  expect([frames, rests]).toEqual([[], []]);
  expect(draw).toHaveBeenCalledTimes(1);
});
