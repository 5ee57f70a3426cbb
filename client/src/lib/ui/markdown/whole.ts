// Where Markdown is drawn to be printed, all of it is drawn at once, and there is a moment at which it is whole.
import { getContext, setContext } from 'svelte';
import { tools } from './tools.svelte.ts';

const KEY = Symbol('whole');

/** To be called by the component around it. */
export const showWhole = (): void => {
  setContext(KEY, true);
};

export const isShownWhole = (): boolean => getContext<boolean | undefined>(KEY) ?? false;

/** Resolves when the formulas, the code, the fonts and the diagrams in `element` are drawn. */
export async function whenWhole(element: HTMLElement, signal: AbortSignal): Promise<void> {
  await tools.loaded();
  while (!signal.aborted && element.querySelector('[aria-busy="true"]')) await nextFrame();
  await document.fonts.ready;
  await nextFrame();
}

const nextFrame = () => new Promise(requestAnimationFrame);
