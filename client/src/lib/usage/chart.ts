// Where things stand in a chart of bars over time. Lengths are CSS pixels.
import type { UsageBucketUnit } from '#lib/graphql/generated.ts';
import { locale } from '#lib/ui/language.ts';

const STEPS = [1, 2, 2.5, 5, 10] as const;

/** The least round number that is not below the greatest value. */
export function roundAbove(greatest: number): number {
  if (greatest <= 0) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(greatest));
  const step = STEPS.find((one) => one * magnitude >= greatest * (1 - Number.EPSILON));
  return (step ?? 10) * magnitude;
}

const FORMATS: Readonly<Record<UsageBucketUnit, Intl.DateTimeFormatOptions>> = {
  HOUR: { month: 'short', day: 'numeric', hour: 'numeric' },
  DAY: { month: 'short', day: 'numeric' },
  WEEK: { month: 'short', day: 'numeric', year: 'numeric' },
  MONTH: { month: 'short', year: 'numeric' },
};

/** "Nov 22": the name of a stretch of time that begins then. */
export const bucketName = (start: string, unit: UsageBucketUnit, timeZone: string): string =>
  new Intl.DateTimeFormat(locale, { ...FORMATS[unit], timeZone }).format(Date.parse(start));

export interface Bar {
  readonly x: number;
  readonly width: number;
  /** From below: one length for each series. */
  readonly parts: readonly { readonly y: number; readonly height: number }[];
}

interface Frame {
  readonly width: number;
  readonly height: number;
  /** What the whole height stands for. */
  readonly top: number;
}

/** The bars of stacked series: `values` has a list for each stretch of time. */
export function barsOf(values: readonly (readonly number[])[], frame: Frame): Bar[] {
  const slot = frame.width / Math.max(1, values.length);
  const width = Math.max(1, Math.min(32, slot * 0.7));
  return values.map((stack, at) => {
    let below = 0;
    const parts = stack.map((value) => {
      const height = (value / frame.top) * frame.height;
      below += height;
      return { y: frame.height - below, height };
    });
    return { x: at * slot + (slot - width) / 2, width, parts };
  });
}
