/** An endpoint's address without what is private in it: some are written with a name and a password. */
export function shownAddress(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
