import type { Path } from './problem.ts';

/**
 * Settings of the original that this version does not use yet: they are accepted without a word, so that a file of an
 * existing installation loads as it is. `*` stands for one name or position.
 */
const LATER = [
  'app.database.max_connections',
  'app.database.pool_pre_ping',
  'app.database.pool_recycle',
].map((path) => path.split('.'));

export const isForLater = (path: Path): boolean =>
  LATER.some(
    (known) =>
      known.length === path.length &&
      known.every((key, index) => key === '*' || key === path[index]),
  );
