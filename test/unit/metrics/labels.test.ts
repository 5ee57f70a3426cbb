import { expect, test } from 'vitest';
import { routeOf } from '../../../server/http/route.ts';
import { Failure } from '../../../server/kernel/failure.ts';
import { shownAddress } from '../../../server/metrics/shown-address.ts';
import { endpointError } from '../../../server/metrics/watched-client.ts';
import { upstreamFailure } from '../../../server/upstream/upstream-failure.ts';

test.each([
  ['/', '/'],
  ['/?signin=failed', '/'],
  ['/graphql', '/graphql'],
  ['/callback?code=secret', '/callback'],
  ['/v1/chat/completions?x=y', '/v1/chat/completions'],
  ['/v1/models', '/v1/models'],
  ['/v1/models/org/large%20model', '/v1/models/{model}'],
  ['/v1', '/v1/{other}'],
  ['/v1/anything', '/v1/{other}'],
  ['/_app/immutable/chunk.js', '/_app/{file}'],
  ['/chat/0198', '/{page}'],
  ['//evil', '/{page}'],
  ['', '/{page}'],
])('the template of %s is %s', (url, template) => {
  expect(routeOf(url)).toBe(template);
});

test('an endpoint is shown without the name, password and query that its address may have', () => {
  const address = 'https://me:secret@models.example.org:8443/v1?key=secret';
  expect(shownAddress(address)).toBe('https://models.example.org:8443/v1');
});

test('what went wrong at an endpoint is one of few words, whatever the server said', () => {
  const refused = new Failure('UPSTREAM_REFUSED', 'anything', { status: 429 });
  expect(endpointError(refused)).toBe('upstream_refused_429');
  expect(endpointError(upstreamFailure('too_slow'))).toBe('upstream_too_slow');
  expect(endpointError(new Error('the reader left'))).toBeNull();
});
