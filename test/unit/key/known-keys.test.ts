import { expect, onTestFinished, test } from 'vitest';
import { KnownKeys } from '../../../server/key/recognise-api-key.ts';
import { MemoryBus } from '../../../server/live/memory-bus.ts';

const row = (account: string) =>
  ({
    account_id: account,
    api_key_id: `key of ${account}`,
    kind: 'person',
    name: account,
    email: `${account}@example.org`,
    slug: null,
    is_active: true,
    groups: [],
    rule_groups: [],
    acknowledged: {},
    account_limit: null,
    has_monthly_limit: false,
    scopes: ['chat'],
    expires_at: null,
    left_ms: null,
    cost_max: null,
  }) as const;

function knownKeys() {
  const live = new MemoryBus();
  const keys = new KnownKeys(live);
  onTestFinished(() => keys.close());
  return { keys, changed: (account: string) => live.publish({ kind: 'keysChanged', account }) };
}

test('a key that was seen is known, under its whole digest', () => {
  const { keys } = knownKeys();
  keys.set('digest', row('ada'), keys.changes);
  expect(keys.get('digest')?.row).toEqual(row('ada'));
  expect(keys.get('dige')).toBeNull();
});

test('R40 a change of an account’s keys forgets them, and nobody else’s', () => {
  const { keys, changed } = knownKeys();
  keys.set('ada’s', row('ada'), keys.changes);
  keys.set('bob’s', row('bob'), keys.changes);
  changed('ada');
  expect(keys.get('ada’s')).toBeNull();
  expect(keys.get('bob’s')?.row).toEqual(row('bob'));
});

test('R40 a key that was revoked while it was being looked up does not come back', () => {
  const { keys, changed } = knownKeys();
  const { changes } = keys;
  changed('ada');
  keys.set('ada’s', row('ada'), changes);
  expect(keys.get('ada’s')).toBeNull();
});
