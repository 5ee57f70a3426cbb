// Amounts for single models, in the oldest files (D-3).
import { expect, test } from 'vitest';
import type { PoolPolicy } from '../../../server/config/config.ts';
import { coins } from '../../../server/kernel/coins.ts';
import { configOf, read, withModels } from './read.ts';

const tokens = (max: number, refresh = 0, starting = max): PoolPolicy => ({
  unit: 'tokens',
  max: coins(max),
  refreshPerHour: coins(refresh),
  starting: coins(starting),
});

test('D-3: of amounts for single models 0 blocks, more allows, and the rest stays closed', async () => {
  const config = await configOf(
    withModels(`groups:
  staff:
    default: { max: -1 }
    small: { max: 1000, refresh: 5 }
    large: { max: 0 }`),
  );
  expect(config.groups.get('staff')).toMatchObject({
    pool: tokens(1000, 5),
    access: {
      default: 'blocked',
      models: new Map([
        ['small', 'allowed'],
        ['large', 'blocked'],
      ]),
    },
  });
});

test('D-3: beside an amount for all models, one for a single model allows it and changes no pool', async () => {
  const { config, warnings } = await read(
    withModels(`groups:
  staff: { default: { max: 1000000, refresh: 50000 }, small: { max: 1000 } }
users: { ada@example.org: { models: { default: { max: 500 }, small: { max: 30 } } } }`),
  );
  expect(config.groups.get('staff')).toMatchObject({
    pool: tokens(1_000_000, 50_000),
    access: { default: 'allowed', models: new Map([['small', 'allowed']]) },
  });
  expect(config.people.get('ada@example.org')?.pool).toEqual(tokens(500));
  expect(warnings).toContainEqual(
    expect.stringContaining(
      'older form: groups.<name>.<model>.max → groups.<name>.model_access.allowed; a model has no cap of its own any more, the pool limits it',
    ),
  );
});
