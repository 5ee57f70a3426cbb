import { expect, test } from 'vitest';
import {
  type ApiKey,
  arranged,
  isSpent,
  scopesText,
  withImplied,
} from '../../../client/src/lib/key/api-keys.ts';

const key = (name: string, rest: Partial<ApiKey> = {}): ApiKey => ({
  id: name,
  name,
  hint: 'sk_abcd…wxyz',
  createdAt: '2026-11-01T00:00:00Z',
  lastUsedAt: null,
  lastAddressClass: null,
  revokedAt: null,
  expiresAt: null,
  isActive: true,
  scopes: ['CHAT'],
  costMax: null,
  usage: { requests: 0, inputTokens: 0, outputTokens: 0, cost: '0' },
  ...rest,
});

const used = (requests: number, cost: string) => ({
  usage: { requests, inputTokens: requests, outputTokens: 0, cost },
});

test('what a key may do is said once: what another scope brings with it goes without saying', () => {
  expect(scopesText(['CHAT', 'MODELS', 'USAGE', 'GRAPHQL'])).toBe('May do everything');
  expect(scopesText(['CHAT', 'MODELS'])).toBe('May ask models and list models');
  expect(scopesText(['CHAT', 'USAGE', 'GRAPHQL_READ'])).toBe(
    'May ask models and read everything of yours',
  );
  expect(withImplied(['GRAPHQL'])).toEqual(['USAGE', 'GRAPHQL_READ', 'GRAPHQL']);
});

test('keys are found by any part of name or hint, whatever the case', () => {
  const keys = [key('Laptop'), key('cluster', { hint: 'sk_LAPT…0000' }), key('phone')];
  expect(arranged(keys, ' lapt ', 'name').map(({ name }) => name)).toEqual(['cluster', 'Laptop']);
  expect(arranged(keys, '', 'name')).toHaveLength(3);
});

test('names ascend, numbers and dates descend, and a key that was never used comes last', () => {
  const keys = [
    key('key 10', { ...used(1, '9'), lastUsedAt: '2026-11-02T00:00:00Z' }),
    key('key 9', { ...used(30, '10'), createdAt: '2026-11-05T00:00:00Z' }),
    key('Alpha', { ...used(4, '0.5'), lastUsedAt: '2026-11-03T00:00:00Z' }),
  ];
  const order = (sort: Parameters<typeof arranged>[2]) =>
    arranged(keys, '', sort).map(({ name }) => name);
  expect(order('name')).toEqual(['Alpha', 'key 9', 'key 10']);
  expect(order('newest')[0]).toBe('key 9');
  expect(order('used')).toEqual(['Alpha', 'key 10', 'key 9']);
  expect(order('requests')).toEqual(['key 9', 'Alpha', 'key 10']);
  expect(order('tokens')).toEqual(['key 9', 'Alpha', 'key 10']);
  expect(order('cost')).toEqual(['key 9', 'key 10', 'Alpha']);
});

test('a key is spent when it has cost its cap, and a cap of nothing is spent at once', () => {
  expect(isSpent(key('a', { ...used(1, '4.999999'), costMax: '5' }))).toBe(false);
  expect(isSpent(key('a', { ...used(1, '5'), costMax: '5' }))).toBe(true);
  expect(isSpent(key('a', { costMax: '0' }))).toBe(true);
  expect(isSpent(key('a', used(1, '5')))).toBe(false);
});
