import { expect, test } from 'vitest';
import { cardOf } from '../../../server/upstream/model-cards.ts';
import { isPublicAddress, lookUpPublic } from '../../../server/upstream/public-address.ts';

test.each([
  ['https://huggingface.co/meta-llama/Llama-3.3-70B-Instruct', 'meta-llama/Llama-3.3-70B-Instruct'],
  ['https://HuggingFace.co/a/b/tree/main?x=1#y', 'a/b'],
  ['http://huggingface.co/a/b', 'a/b'],
])('%s is the page of a model', (url, card) => {
  expect(cardOf(url)).toBe(card);
});

test.each([
  null,
  '',
  'nonsense',
  'https://huggingface.co/',
  'https://huggingface.co/just-one',
  'https://huggingface.co./a/b',
  'https://huggingface.co:8443/a/b',
  'https://user@huggingface.co/a/b',
  'https://huggingface.co@127.0.0.1/a/b',
  'https://evil.huggingface.co/a/b',
  'https://huggingface.co.evil.example/a/b',
  'https://127.1/a/b',
  'https://[::ffff:169.254.169.254]/a/b',
  'https://2130706433/a/b',
  'https://localhost./a/b',
  'file://huggingface.co/a/b',
  'gopher://huggingface.co/a/b',
  'https://huggingface.co/../b',
  'https://huggingface.co/%2e%2e/b',
  'https://huggingface.co/a%0d%0aHost:evil/b',
  'https://huggingface.co/a/..%2f..%2fetc',
])('R49 %s is not, and nothing is fetched for it', (url) => {
  expect(cardOf(url)).toBeNull();
});

test.each(['8.8.8.8', '151.101.1.6', '2606:4700::6810:1'])('%s is outside', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ...['127.0.0.1', '0.0.0.0', '10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.169.254'],
  ...['100.64.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1', '198.18.0.1'],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', 'fe80::1', 'fd00:ec2::254'],
  ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', '2001::1', 'ff02::1', 'nonsense'],
])('R49 %s is inside', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test('R49 a name that leads inside is not connected to', async () => {
  const error = await new Promise((resolve) => lookUpPublic('localhost', {}, resolve));
  expect(String(error)).toMatch(/localhost leads to/);
});
