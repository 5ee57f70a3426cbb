import { afterEach, expect, test, vi } from 'vitest';
import { testApp } from '../../support/app.ts';

const HOUR_MS = 3_600_000;
const CREATE = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { secret apiKey { id isActive } }
}`;

afterEach(() => vi.useRealTimers());

const clockIsOffBy = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });

test.each([3 * HOUR_MS, -24 * HOUR_MS])(
  'R34 with a clock that is off by %i ms a key ends when the database says so',
  async (off) => {
    const app = await testApp();
    const ada = await app.person();
    const ends = (inMs: number) => ({
      input: { name: 'x', expiresAt: new Date(Date.now() + inMs).toISOString() },
    });
    const [soon, past] = [ends(HOUR_MS), ends(-HOUR_MS)];
    clockIsOffBy(off);
    expect(await ada.refusal(CREATE, past)).toBe('INVALID');
    const { createApiKey } = await ada.asks<{
      createApiKey: { secret: string; apiKey: { id: string; isActive: boolean } };
    }>(CREATE, soon);
    expect(createApiKey.apiKey.isActive).toBe(true);
    const headers = { authorization: `Bearer ${createApiKey.secret}` };
    const status = async () => (await fetch(`${app.url}/v1/models`, { headers })).status;
    expect(await status()).toBe(200);
    // As `keysChanged` would have it: the key is read anew within ten seconds.
    await app.rows("update api_key set expires_at = now() - interval '1 s'");
    await expect.poll(status, { timeout: 15_000, interval: 200 }).toBe(401);
    expect(await ada.asks('{ viewer { apiKeys { isActive } } }')).toEqual({
      viewer: { apiKeys: [{ isActive: false }] },
    });
  },
);

test.each([3 * HOUR_MS, -24 * HOUR_MS])(
  'R34 with a clock that is off by %i ms there is time to bring a conversation back',
  async (off) => {
    const app = await testApp({ config: { chat: { remove: 'delete' } } });
    const ada = await app.person();
    const { conversation } = await ada.says('Hello');
    const { id } = conversation;
    clockIsOffBy(off);
    await ada.asks('mutation ($id: ID!) { deleteConversation(id: $id) }', { id });
    const [row] = await app.rows<{ left: number }>(
      'select extract(epoch from purge_at - now())::float8 as left from conversation',
    );
    expect(row?.left).toBeGreaterThan(0);
    expect(row?.left).toBeLessThanOrEqual(25);
    expect(
      await ada.asks('mutation ($id: ID!) { restoreConversation(id: $id) { id } }', { id }),
    ).toEqual({ restoreConversation: { id } });
  },
);
