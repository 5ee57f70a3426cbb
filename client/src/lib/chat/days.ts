const HEADINGS = ['Today', 'Yesterday', 'Previous 7 days', 'Older'] as const;
export type DayHeading = (typeof HEADINGS)[number];

/** Midnight of the day `count` days before `now`, in the reader's own time zone; summer time makes days unequal. */
function dayStart(now: Date, count: number): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - count).getTime();
}

function headingOf(at: Date, now: Date): DayHeading {
  if (at.getTime() >= dayStart(now, 0)) return 'Today';
  if (at.getTime() >= dayStart(now, 1)) return 'Yesterday';
  return at.getTime() >= dayStart(now, 7) ? 'Previous 7 days' : 'Older';
}

export interface DayGroup<T> {
  readonly heading: DayHeading;
  readonly items: T[];
}

/** Groups by the day of the last change, newest day first; days without items are left out. */
export function byDay<T extends { readonly updatedAt: string }>(
  items: readonly T[],
  now: Date,
): DayGroup<T>[] {
  const groups = new Map<DayHeading, T[]>();
  for (const item of items) {
    const heading = headingOf(new Date(item.updatedAt), now);
    groups.set(heading, [...(groups.get(heading) ?? []), item]);
  }
  return HEADINGS.flatMap((heading) => {
    const found = groups.get(heading);
    return found ? [{ heading, items: found }] : [];
  });
}

/** When the grouping changes by itself: the next midnight, in milliseconds from `now`. */
export function untilTomorrowMs(now: Date): number {
  return Math.max(dayStart(now, -1) - now.getTime(), 60_000);
}
