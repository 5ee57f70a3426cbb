const headings = () => ['Today', 'Yesterday', 'Previous 7 days', 'Older'];

/** Midnight of the day `count` days before `now`, in the reader's own time zone; summer time makes days unequal. */
function dayStart(now: Date, count: number): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - count).getTime();
}

/** Which of the headings it stands under. */
function ageOf(at: Date, now: Date): number {
  if (at.getTime() >= dayStart(now, 0)) return 0;
  if (at.getTime() >= dayStart(now, 1)) return 1;
  return at.getTime() >= dayStart(now, 7) ? 2 : 3;
}

export interface DayGroup<T> {
  readonly heading: string;
  readonly items: T[];
}

/** Groups by the day of the last change, newest day first; days without items are left out. */
export function byDay<T extends { readonly updatedAt: string }>(
  items: readonly T[],
  now: Date,
): DayGroup<T>[] {
  const groups = Map.groupBy(items, (item) => ageOf(new Date(item.updatedAt), now));
  return headings().flatMap((heading, age) => {
    const found = groups.get(age);
    return found ? [{ heading, items: found }] : [];
  });
}

/** When the grouping changes by itself: the next midnight, in milliseconds from `now`. */
export function untilTomorrowMs(now: Date): number {
  return Math.max(dayStart(now, -1) - now.getTime(), 60_000);
}
