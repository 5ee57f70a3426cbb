import { expect, test } from 'vitest';
import { formatBytes } from '../../../client/src/lib/chat/bytes.ts';

test('a size is written short, and never smaller than it is', () => {
  expect(
    [0, 581, 1024, 82_000, 1_200_000, 10 * 2 ** 20, 10 * 2 ** 20 + 1].map(formatBytes),
  ).toEqual(['0 B', '581 B', '1 KB', '81 KB', '1.2 MB', '10 MB', '11 MB']);
});
