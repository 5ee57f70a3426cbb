import { expect, test } from 'vitest';
import { openTracing } from '../../../server/metrics/tracing.ts';

test('without a collector there is no tracing', async () => {
  expect(await openTracing({})).toBeNull();
  expect(await openTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: '', PATH: '/bin' })).toBeNull();
});
