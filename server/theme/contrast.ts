/** Colours as `#rrggbb`, and how well one is seen on another (WCAG 2.1). */

const CHANNELS = [1, 3, 5] as const;
const LINEAR_UP_TO = 0.04045;
const LUMINANCE_WEIGHTS = [0.2126, 0.7152, 0.0722] as const;
const FLARE = 0.05;

const channelsOf = (color: string): number[] =>
  CHANNELS.map((at) => Number.parseInt(color.slice(at, at + 2), 16));

const linear = (channel: number): number => {
  const share = channel / 255;
  return share <= LINEAR_UP_TO ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

const luminance = (color: string): number =>
  channelsOf(color).reduce(
    (sum, channel, at) => sum + linear(channel) * (LUMINANCE_WEIGHTS[at] ?? 0),
    0,
  );

/** From 1, the same, to 21, black on white. */
export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((lighter ?? 0) + FLARE) / ((darker ?? 0) + FLARE);
}

/** @param share how much of `other` there is, from 0 to 1 */
export function mixed(color: string, other: string, share: number): string {
  const others = channelsOf(other);
  const channels = channelsOf(color).map((channel, at) =>
    Math.round(channel + ((others[at] ?? channel) - channel) * share),
  );
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
