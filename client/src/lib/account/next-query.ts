/**
 * Whoever followed a link into Lumen gets to see it after signing in, also when an earlier attempt was refused: that
 * leads back to `/?signin=…&next=…`. The server takes paths of this site only.
 */
export function nextQuery({ pathname, search }: Pick<Location, 'pathname' | 'search'>): string {
  const wanted = pathname === '/' ? new URLSearchParams(search).get('next') : pathname + search;
  return wanted ? `?next=${encodeURIComponent(wanted)}` : '';
}
