// The one subscription that keeps every tab in step. What it brings is in the cache already when listeners hear of it.
import { ViewerEventsDocument, type ViewerEventsSubscription } from '#lib/graphql/generated.ts';
import { follow } from './follow.ts';

export type ViewerEvent = ViewerEventsSubscription['viewerEvents'];
const listeners = new Set<(event: ViewerEvent) => void>();

export function onViewerEvent(listener: (event: ViewerEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const SPENT_EVERY_MS = 1_000;

/** Tells of coins that were spent or added, once a second at most: programs may spend much more often. */
export function onSpent(listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const told = () => {
    timer = undefined;
    listener();
  };
  const leave = onViewerEvent((event) => {
    if (event.__typename === 'PoolChanged') timer ??= setTimeout(told, SPENT_EVERY_MS);
  });
  return () => {
    leave();
    clearTimeout(timer);
  };
}

/** Begins to follow; gives the way to end it. */
export function followViewer(): () => void {
  return follow(ViewerEventsDocument, {
    variables: () => ({}),
    receive({ viewerEvents }) {
      for (const listener of listeners) listener(viewerEvents);
      return 'on';
    },
    refused: () => {},
  });
}
