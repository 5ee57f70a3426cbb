import { expect, test } from 'vitest';
import { addressClass, clientAddress } from '../../../server/rate/client-address.ts';

test.each([
  ['198.51.100.7', null, 0, '198.51.100.7'],
  ['198.51.100.7', '10.1.1.1', 0, '198.51.100.7'],
  ['10.0.0.2', '203.0.113.9', 1, '203.0.113.9'],
  ['10.0.0.2', 'made up, 203.0.113.9', 1, '203.0.113.9'],
  ['10.0.0.2', 'made up, 203.0.113.9, 10.0.0.1', 2, '203.0.113.9'],
  ['10.0.0.2', '203.0.113.9', 3, '203.0.113.9'],
  ['10.0.0.2', null, 1, '10.0.0.2'],
  ['::ffff:192.0.2.1', null, 0, '192.0.2.1'],
  ['2001:db8::1', null, 0, '2001:db8::1'],
])(
  'R55 from %s, forwarded for %s behind %i proxies: %s',
  (peer, forwardedFor, proxies, address) => {
    expect(clientAddress({ peer, forwardedFor }, proxies)).toBe(address);
  },
);

test.each([
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['10.20.30.40', 'private'],
  ['172.16.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['fd12:3456::1', 'private'],
  ['fe80::1', 'private'],
  ['203.0.113.9', 'public'],
  ['2001:db8::1', 'public'],
])('of %s it is remembered that it is %s', (address, kind) => {
  expect(addressClass(address)).toBe(kind);
});
