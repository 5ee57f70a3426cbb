import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { configFor, rowsOf } from '../../support/app.ts';
import { startFakeModel } from '../../support/fake-model.ts';
import { freshDatabase } from '../../support/services.ts';

const ROOT = new URL('../../..', import.meta.url);
const run = promisify(execFile);

/** `npm run seed` over this database, with these settings of `app` laid over those of tests. */
async function seed(databaseUrl: string, app: object) {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-seed-'));
  const model = await startFakeModel();
  onTestFinished(async () => {
    await model.close();
    await rm(folder, { recursive: true, force: true });
  });
  const config = configFor(model);
  const file = join(folder, 'config.yaml');
  await writeFile(file, stringify({ ...config, app: { ...(config.app as object), ...app } }));
  return run(process.execPath, ['--import', 'tsx', 'scripts/seed.ts'], {
    cwd: ROOT,
    env: { ...process.env, CONFIG_YAML: file, DATABASE_URL: databaseUrl, REDIS_URL: '' },
  });
}

test('a developer’s database gets people with conversations, once', async () => {
  const databaseUrl = await freshDatabase();
  expect((await seed(databaseUrl, {})).stdout).toMatch(/^3 people .*, 12 new conversations\.\n$/);
  expect((await seed(databaseUrl, {})).stdout).toMatch(/, 0 new conversations\.\n$/);
  expect(await rowsOf(databaseUrl, 'select from conversation')).toHaveLength(12);
});

test('W41 the database of an institution gets nobody who is made up', async () => {
  const databaseUrl = await freshDatabase();
  const seeding = seed(databaseUrl, { debug: false, dev_user: null });
  await expect(seeding).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('app.debug'),
  });
  expect(await rowsOf(databaseUrl, 'select from account')).toEqual([]);
});
