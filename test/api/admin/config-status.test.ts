import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';

const STATUS =
  '{ configStatus { file generation loadedAt problems { source path line column message } warnings restartNeeded } }';

interface Status {
  readonly generation: number;
  readonly loadedAt: string;
  readonly problems: readonly object[];
  readonly warnings: readonly string[];
  readonly restartNeeded: readonly string[];
}

test('administrators see whether the file is in force, what is wrong with it, and what waits for a restart', async () => {
  const app = await testApp();
  const admin = await app.person('dev@example.com');
  const status = async () => (await admin.asks<{ configStatus: Status }>(STATUS)).configStatus;
  const first = await status();
  expect(first).toMatchObject({
    file: app.configFile,
    generation: 1,
    problems: [],
    restartNeeded: [],
  });

  await writeFile(app.configFile, 'app:\n  debug: perhaps\n');
  await expect.poll(status).toMatchObject({
    generation: 1,
    loadedAt: first.loadedAt,
    problems: [{ source: app.configFile, path: 'app.debug', line: 2, column: 10 }],
  });

  await app.saves({ odd: 1, redis: { url: 'redis://127.0.0.1:1' } });
  await expect.poll(status).toMatchObject({
    generation: 2,
    problems: [],
    warnings: expect.arrayContaining([expect.stringContaining('odd is not a setting')]),
    restartNeeded: [expect.stringContaining('redis.url')],
  });
  expect(new Date((await status()).loadedAt).getTime()).toBeGreaterThan(
    new Date(first.loadedAt).getTime(),
  );

  await app.saves({});
  await expect.poll(status).toMatchObject({ generation: 3, warnings: [], restartNeeded: [] });
});

test('warnings of the file that Lumen started with are told as well', async () => {
  const app = await testApp({ config: { odd: 1 } });
  const admin = await app.person('dev@example.com');
  await expect
    .poll(async () => (await admin.asks<{ configStatus: Status }>(STATUS)).configStatus.warnings)
    .toEqual(expect.arrayContaining([expect.stringContaining('odd is not a setting')]));
});

test('nobody else sees it', async () => {
  const app = await testApp();
  expect(await (await app.person()).refusal(STATUS)).toBe('FORBIDDEN');
});
