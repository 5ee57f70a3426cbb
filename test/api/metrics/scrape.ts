// A Lumen that may be scraped, and what it says.
import type { TestApp } from '../../support/app.ts';

/** For what comes by itself: a reload, a job. */
export const PATIENCE = { timeout: 10_000 };

export const TOKEN = 'the-token-of-prometheus';

export const SCRAPED = { api: { prometheus: { enabled: true, token: TOKEN } } };

export const getMetrics = (
  { url }: Pick<TestApp, 'url'>,
  token: string | null = TOKEN,
): Promise<Response> =>
  fetch(`${url}/metrics`, token === null ? {} : { headers: { authorization: `Bearer ${token}` } });

/** Value by series, as Prometheus writes it: `lumen_users{status="total"}`. */
export async function scrape(app: Pick<TestApp, 'url'>): Promise<ReadonlyMap<string, number>> {
  const response = await getMetrics(app);
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
  const lines = (await response.text()).split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}
