import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';

const SITE = '{ site { announcement } }';
const EVENTS =
  'subscription { viewerEvents { __typename ... on SiteChanged { site { announcement } } } }';
const NEWS = 'Maintenance on **Friday**, see the <a href="https://example.edu">plan</a>';

interface Answer {
  readonly site: { readonly announcement: string | null };
}
interface Event {
  readonly viewerEvents: Partial<Answer> & { readonly __typename: string };
}

const app = (announcement?: string) => ({
  debug: true,
  dev_user: 'dev@example.com',
  ...(announcement !== undefined && { announcement }),
});

test('visitors are told the announcement as it was written, and none when it is blank', async () => {
  const lumen = await testApp({ config: { app: app(NEWS) } });
  const told = async () => {
    const response = await fetch(`${lumen.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: SITE }),
    });
    return ((await response.json()) as { data: Answer }).data.site.announcement;
  };
  expect(await told()).toBe(NEWS);
  await lumen.saves({ app: app(' \n ') });
  await expect.poll(told, { timeout: 10_000 }).toBeNull();
  await lumen.saves({ app: app('Back') });
  await expect.poll(told, { timeout: 10_000 }).toBe('Back');
  await lumen.saves({ app: app() });
  await expect.poll(told, { timeout: 10_000 }).toBeNull();
});

test('a changed announcement is told to open windows; a save that says nothing of the site is not', async () => {
  const lumen = await testApp({ config: { app: app() } });
  const ada = await lumen.person();
  const seen: Event['viewerEvents'][] = [];
  ada
    .socket()
    .subscribe<Event>(
      { query: EVENTS },
      { next: ({ data }) => data && seen.push(data.viewerEvents), error() {}, complete() {} },
    );
  const sites = () => seen.filter(({ __typename }) => __typename === 'SiteChanged');
  const models = () => seen.filter(({ __typename }) => __typename === 'ModelsChanged').length;
  // Saves again until one is told: from then on nothing is missed.
  let saves = 0;
  await expect
    .poll(
      async () => {
        saves += 1;
        await lumen.saves({ chat: { purge_after_days: saves } });
        return models();
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBeGreaterThan(0);
  expect(sites()).toEqual([]);

  await lumen.saves({ app: app(NEWS) });
  const site = { announcement: NEWS };
  await expect.poll(sites, { timeout: 10_000 }).toEqual([{ __typename: 'SiteChanged', site }]);
  expect(await ada.asks<Answer>(SITE)).toEqual({ site });
});
