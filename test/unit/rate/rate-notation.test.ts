import { expect, test } from 'vitest';
import { parseConfig } from '../../../server/config/load.ts';
import type { ConfigError } from '../../../server/config/problem.ts';
import { parseRates, type Rate } from '../../../server/config/rate-notation.ts';

const rate = (requests: number, seconds: number): Rate => ({ requests, seconds });

test.each([
  ['30 per minute', [rate(30, 60)]],
  ['10/second', [rate(10, 1)]],
  ['1000 per 2 hours', [rate(1000, 7200)]],
  ['  5 PER Day ', [rate(5, 86_400)]],
  ['5per1minute', [rate(5, 60)]],
  ['7 / 3 months', [rate(7, 3 * 30 * 86_400)]],
  ['1/year', [rate(1, 360 * 86_400)]],
  ['1000 per hour; 10/second', [rate(10, 1), rate(1000, 3600)]],
  ['10/second, 100/minute', [rate(10, 1), rate(100, 60)]],
  ['unlimited', []],
  [' Unlimited', []],
])('%j is read as the original read it, the shortest window first', (text, rates) => {
  expect(parseRates(text)).toEqual(rates);
});

test('of two limits for the same window the stricter one counts', () => {
  expect(parseRates('90/minute; 30 per minute; 60 per 60 seconds')).toEqual([rate(30, 60)]);
});

test.each([
  '',
  '30',
  'per minute',
  '30 per fortnight',
  '30 minutes',
  '0 per minute',
  '-1/second',
  '1.5/second',
  '10 per 0 seconds',
  '10/second;',
  '10/second; unlimited',
  '9999999999/second',
])('%j is no limit', (text) => {
  expect(parseRates(text)).toBeNull();
});

const load = (section: string) =>
  parseConfig(`version: 2\nadmins: []\n${section}`, {
    file: '/etc/lumen/config.yaml',
    env: {},
    generation: 1,
  });

test('the configuration says 30 per minute unless the file says otherwise', async () => {
  expect((await load('')).config.rateLimits).toEqual({
    requests: [rate(30, 60)],
    failedKeys: [rate(20, 60)],
  });
  const { config, warnings } = await load('rate_limiting: { limit: 10/second; 100/minute }');
  expect(config.rateLimits.requests).toEqual([rate(10, 1), rate(100, 60)]);
  expect(warnings.join()).not.toContain('rate_limiting');
});

test('a limit that can’t be read is an error that shows what is accepted', async () => {
  const error = await load('rate_limiting:\n  limit: thirty a minute').catch((e: ConfigError) => e);
  expect(error).toMatchObject({
    problems: [
      { line: 4, path: 'rate_limiting.limit', message: expect.stringContaining('30 per minute') },
    ],
  });
});
