import { writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { testApp } from '../../support/app.ts';

// Each save is waited for, beside people who ask all the time.
vi.setConfig({ testTimeout: 120_000 });

const PATIENCE = { timeout: 30_000 };
/** Few enough that what they ask is answered soon on a busy machine. */
const ASKERS = 4;
const REQUESTS_MIN = 200;

interface Answer {
  readonly site: { readonly name: string; readonly tagline: string };
  readonly models: readonly { readonly description: string }[];
}

interface Readiness {
  readonly configuration: { readonly ok: boolean };
}

/** Everything that a person can see of it is of one version. */
const version = (name: string, modelUrl: string) => ({
  app: { name, tagline: name, debug: true, dev_user: 'dev@example.com' },
  models: [
    {
      name: 'fake',
      description: name,
      input_cost_per_million: 1,
      output_cost_per_million: 1,
      endpoints: [{ url: modelUrl, api_key: 'k', model: 'fake-1' }],
    },
  ],
});

test('R32 while the file flips between two good versions and a broken one, each request sees one whole', async () => {
  const app = await testApp();
  const ada = await app.person();
  const [one, other] = ['one', 'other'].map((name) => version(name, app.model.url));
  const becomes = async (sections: object | undefined, name: string) => {
    await app.saves({ ...sections });
    await expect.poll(seen, PATIENCE).toBe(name);
  };
  await becomes(one, 'one');

  const names = new Set<string>();
  let requests = 0;
  let isOver = false;
  const asks = async () => {
    while (!isOver || requests < REQUESTS_MIN) {
      names.add(await seen());
      requests += 1;
    }
  };
  const asking = Promise.all(Array.from({ length: ASKERS }, asks));
  for (let flips = 0; flips < 3; flips += 1) {
    await becomes(other, 'other');
    await writeFile(app.configFile, 'models: [ {');
    await expect.poll(isBroken, PATIENCE).toBe(true);
    await becomes(one, 'one');
    expect(await isBroken()).toBe(false);
  }
  isOver = true;
  await asking;

  expect([...names].sort()).toEqual(['one', 'other']);
  expect(requests).toBeGreaterThanOrEqual(REQUESTS_MIN);

  async function seen(): Promise<string> {
    const query = '{ site { name tagline } models { description } }';
    const { site, models } = await ada.asks<Answer>(query);
    const said = [site.tagline, ...models.map(({ description }) => description)];
    expect(said).toEqual([site.name, site.name]);
    return site.name;
  }

  async function isBroken(): Promise<boolean> {
    const state = (await (await fetch(`${app.url}/readyz`)).json()) as Readiness;
    return !state.configuration.ok;
  }
});
