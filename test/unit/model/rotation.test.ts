import { expect, test } from 'vitest';
import type { ModelConfig } from '../../../server/config/config.ts';
import type { Endpoint } from '../../../server/model/endpoint.ts';
import type { Health } from '../../../server/model/health.ts';
import { Rotation, type Seat } from '../../../server/model/rotation.ts';

interface Setting {
  readonly weight?: number;
  readonly concurrencyMax?: number | null;
  readonly health?: Health;
  readonly inFlight?: number;
  readonly isWithdrawn?: boolean;
}

const NONE: ReadonlySet<string> = new Set();
const IDS = ['a', 'b', 'c', 'd'];

/** Endpoints called a, b, c, d. */
function rotationOf(strategy: ModelConfig['rotation'], settings: readonly Setting[]) {
  const seats = settings.map((setting, at): Seat => {
    const { weight = 1, concurrencyMax = null, health = 'HEALTHY', inFlight = 0 } = setting;
    const id = IDS[at] ?? '';
    const withdrawal = setting.isWithdrawn ? { at: new Date(0), reason: null } : null;
    const endpoint = { id, health, inFlight, withdrawal } as Endpoint;
    const config = { id, weight, concurrencyMax } as Seat['config'];
    return { config, endpoint, credit: 0 };
  });
  return new Rotation(strategy, seats);
}

const picks = (rotation: Rotation, times: number, except = NONE): string =>
  Array.from({ length: times }, () => rotation.pick(except)?.endpoint.id ?? '-').join('');

test('in round robin each has its turn', () => {
  expect(picks(rotationOf('round_robin', [{}, {}, {}]), 7)).toBe('abcabca');
});

test('the turns of one that is down are shared by all others', () => {
  const rotation = rotationOf('round_robin', [{}, { health: 'DOWN' }, {}, {}]);
  expect(picks(rotation, 6)).toBe('acdacd');
});

test('weights are kept exactly, and the turns of the heaviest are spread', () => {
  const rotation = rotationOf('weighted', [{ weight: 5 }, { weight: 1 }, { weight: 1 }]);
  expect(picks(rotation, 14)).toBe('aabacaaaabacaa');
});

test('weights hold among those that are in rotation', () => {
  const rotation = rotationOf('weighted', [
    { weight: 9, health: 'DOWN' },
    { weight: 9, isWithdrawn: true },
    { weight: 3 },
    { weight: 1 },
  ]);
  const counts = [...picks(rotation, 400)].filter((id) => id === 'c').length;
  expect(counts).toBe(300);
});

test('the least busy one is taken, and of equals each in turn', () => {
  const rotation = rotationOf('least_busy', [{ inFlight: 2 }, { inFlight: 1 }, { inFlight: 1 }]);
  expect(picks(rotation, 3)).toBe('bcb');
});

test('requests that last spread evenly over the least busy', () => {
  const rotation = rotationOf('least_busy', [{}, {}, {}]);
  for (let at = 0; at < 31; at += 1) {
    const seat = rotation.pick(NONE);
    if (seat) seat.endpoint.inFlight += 1;
  }
  expect(rotation.seats.map(({ endpoint }) => endpoint.inFlight)).toEqual([11, 10, 10]);
});

const STRATEGIES = ['round_robin', 'least_busy', 'weighted'] as const;

test.each(STRATEGIES)(
  '%s passes over what is full, withdrawn, down or tried already',
  (strategy) => {
    const rotation = rotationOf(strategy, [
      { inFlight: 3, concurrencyMax: 3 },
      { isWithdrawn: true },
      { health: 'DOWN' },
      { inFlight: 2, concurrencyMax: 3 },
    ]);
    expect(picks(rotation, 3)).toBe('ddd');
    expect(rotation.pick(new Set(['d']))).toBeNull();
  },
);

test.each(STRATEGIES)('%s takes a suspect one only where no healthy one can', (strategy) => {
  const rotation = rotationOf(strategy, [{ health: 'SUSPECT' }, {}, { health: 'SUSPECT' }]);
  expect(picks(rotation, 3)).toBe('bbb');
  expect([...picks(rotation, 4, new Set(['b']))].sort().join('')).toBe('aacc');
});
