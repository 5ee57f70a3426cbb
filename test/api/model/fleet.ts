// Several model servers behind one model.
import { expect, onTestFinished } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type FakeModel, startFakeModel } from '../../support/fake-model.ts';
import { HELLO, keyOf, post } from '../v1/client.ts';

export interface Fleet {
  readonly app: TestApp;
  readonly models: readonly FakeModel[];
  readonly key: string;
}

export interface FleetSettings {
  readonly rotation?: string;
  /** One block for each model server. */
  readonly endpoints: readonly object[];
}

/** A Lumen with one model that many model servers answer for, all closed when the test ends. */
export async function fleet({ rotation, endpoints }: FleetSettings): Promise<Fleet> {
  const models = await Promise.all(endpoints.map(() => startFakeModel()));
  for (const model of models) onTestFinished(() => model.close());
  const app = await testApp({
    config: modelsOf(models, { ...(rotation ? { rotation } : {}), endpoints }),
  });
  return { app, models, key: await keyOf(app) };
}

/** The section `models`, for the same model servers. */
export const modelsOf = (
  models: readonly FakeModel[],
  { endpoints, ...settings }: FleetSettings,
) => ({
  models: [
    {
      name: 'fake',
      input_cost_per_million: 0,
      output_cost_per_million: 0,
      ...settings,
      endpoints: endpoints.map((block, at) => ({
        url: models[at]?.url,
        api_key: `upstream-secret-${at}`,
        model: 'fake-1',
        ...block,
      })),
    },
  ],
});

/** The status of one request, answered to its end. */
export async function asks({ app, key }: Fleet, stream = false): Promise<number> {
  const response = await post(app, { ...HELLO, stream }, { key });
  await response.text();
  return response.status;
}

/** How many requests each model server has received. */
export const received = ({ models }: Fleet): number[] =>
  models.map(({ requests }) => requests.length);

export interface Listed {
  readonly id: string;
  readonly host: string;
  readonly health: string;
  readonly lastError: string | null;
  readonly inFlight: number;
  readonly withdrawnAt: string | null;
  readonly [field: string]: unknown;
}

const ENDPOINTS = `{ endpoints {
  id host upstreamModel models health healthSince checkedAt latencyMs lastError lastErrorAt inFlight concurrencyMax
  withdrawnAt withdrawalReason
} }`;

/** What an administrator sees, in the order of the model servers. */
export const seen = async (admin: Person): Promise<readonly Listed[]> =>
  (await admin.asks<{ endpoints: Listed[] }>(ENDPOINTS)).endpoints;

export const adminOf = ({ app }: Pick<Fleet, 'app'>): Promise<Person> =>
  app.person('dev@example.com');

/** Waits until the endpoints are in these states. */
export async function becomes(admin: Person, ...health: readonly string[]): Promise<void> {
  await expect
    .poll(async () => (await seen(admin)).map((endpoint) => endpoint.health), {
      timeout: 10_000,
      interval: 50,
    })
    .toEqual(health);
}
