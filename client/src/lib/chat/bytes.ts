const UNITS = ['B', 'KB', 'MB', 'GB'];

/** Rounded up, so that what is too large never looks as if it were not: "1.5 MB". */
export function formatBytes(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const shown = size < 10 && unit > 0 ? Math.ceil(size * 10) / 10 : Math.ceil(size);
  return `${shown} ${UNITS[unit]}`;
}
