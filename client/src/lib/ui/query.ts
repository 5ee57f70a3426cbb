// What a page shows is said by its address, so that it can be linked to.

/** Of an address, as SvelteKit gives it to pages and to what loads them. */
export interface Address {
  readonly searchParams: Pick<URLSearchParams, 'get' | 'has' | 'toString'>;
}

/** The address with some of its parameters changed; undefined takes one away. */
export function withParameters(
  url: Address,
  changes: Readonly<Record<string, string | undefined>>,
): string {
  const parameters = new URLSearchParams(String(url.searchParams));
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) parameters.delete(name);
    else parameters.set(name, value);
  }
  return `?${parameters}`;
}

/** The parameter, where it is one of the values; else the first of them. */
export function oneOf<Value extends string>(
  url: Address,
  name: string,
  values: readonly [Value, ...Value[]],
): Value {
  const given = url.searchParams.get(name);
  return values.find((value) => value === given) ?? values[0];
}
