import { expect, test, vi } from 'vitest';
import { testApp } from '../../support/app.ts';
import { hangsAfter, refuses, resetsAfter, says } from '../../support/fake-model.ts';
import { becomes } from '../model/fleet.ts';
import { expectCleanBooks } from '../money/audit.ts';
import { HELLO, keyOf, post } from './client.ts';

// Hundreds of streams each.
vi.setConfig({ testTimeout: 60_000 });

const STREAMS = 200;
/** A model server that was given up is looked at each 5 s, and a tenth more; the rest is the machine's. */
const RECOVERED = { timeout: 15_000, interval: 100 };

test.each([
  ['break off', resetsAfter('Hel'), null],
  ['hang', hangsAfter('Hel'), null],
  ['break off while its probes fail as well', resetsAfter('Hel'), refuses(500, 'Oh no')],
  ['refuse before they begin, as its probes do', refuses(500, 'Oh no'), refuses(500, 'Oh no')],
])(
  'R25 after 200 streams at once that %s, a good one is soon whole',
  async (_how, fault, probe) => {
    const app = await testApp({ config: { upstream: { idle_timeout: 1 } } });
    const key = await keyOf(app);
    const asks = async () => {
      const response = await post(app, { ...HELLO, max_tokens: 5, stream: true }, { key });
      const text = await response.text();
      return response.status === 200 && text.includes('[DONE]');
    };
    app.model.answer(fault);
    app.model.modelsBehaviour = probe;
    const answered = await Promise.all(Array.from({ length: STREAMS }, asks));
    expect(answered).toEqual(Array(STREAMS).fill(false));

    app.model.answer(says('Hello'));
    app.model.modelsBehaviour = null;
    await expect.poll(asks, RECOVERED).toBe(true);
    await becomes(await app.person('dev@example.com'), 'HEALTHY');
    await expectCleanBooks(app);
  },
);
