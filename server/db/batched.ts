import DataLoader from 'dataloader';

/** Reads many things by key in one statement, and gives them in the order of the keys. */
type ReadMany<C, V> = (ctx: C, keys: readonly string[]) => Promise<readonly V[]>;

const loaders = new WeakMap<object, Map<unknown, DataLoader<string, unknown>>>();

/**
 * Reads one thing; those that are asked for within one tick of the same context are read together. Nothing is kept: a
 * subscription lives long, and must see what has changed.
 */
export function batched<C extends object, V>(
  ctx: C,
  readMany: ReadMany<C, V>,
  key: string,
): Promise<V> {
  const ofContext = loaders.get(ctx) ?? new Map<unknown, DataLoader<string, unknown>>();
  loaders.set(ctx, ofContext);
  let loader = ofContext.get(readMany);
  if (!loader) {
    loader = new DataLoader((keys) => readMany(ctx, keys), { cache: false });
    ofContext.set(readMany, loader);
  }
  return loader.load(key) as Promise<V>;
}
