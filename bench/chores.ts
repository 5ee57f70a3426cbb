/** What is asked of Lumen beside answers of models. */
import { randomBytes } from 'node:crypto';
import type { Target } from './load.ts';
import type { Setting } from './setting.ts';

const FILE_BYTES = 8 * 1024 * 1024;
const MONTH = `{ usage(filter: { period: MONTH, everyone: true }) {
  totals { requests } overTime { requests } byModel { model cost } heatmap byGroup { cost } byAccount { next }
} }`;

/** One file of a person, as large as they mostly may be. */
export const upload = ({ origin, headers }: Target): Promise<void> =>
  must(origin, '/uploads?name=notes.txt', {
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    body: randomBytes(FILE_BYTES / 2).toString('hex'),
  });

/** A month of everybody's use. */
export const readUsage = ({ origin, headers }: Target): Promise<void> =>
  must(origin, '/graphql', {
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query: MONTH }),
  });

export const chores = ({ lumen, save }: Setting): Promise<unknown> =>
  Promise.all([upload(lumen), readUsage(lumen), save()]);

async function must(origin: string, path: string, request: RequestInit): Promise<void> {
  const response = await fetch(`${origin}${path}`, { method: 'POST', ...request });
  const text = await response.text();
  if (!response.ok || text.startsWith('{"errors"'))
    throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
}
