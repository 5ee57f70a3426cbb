import { expect, test } from 'vitest';
import { needOutsideMedia } from '../../../server/v1/media-addresses.ts';

const asChat = (url: unknown) => ({
  messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
});
const asResponse = (url: unknown) => ({
  input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }],
});

test.each([
  ...[
    'http://127.1/a.png',
    'http://0/a',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1',
  ],
  ...['http://[::]/', 'http://[::1]:5432/', 'http://[::ffff:7f00:1]/', 'http://localhost./a'],
  ...['http://169.254.169.254/latest', 'http://[::ffff:169.254.169.254]/', 'http://10.0.0.8/a'],
  ...[
    'http://metadata.google.internal/',
    'https://example.org@127.0.0.1/',
    'https://a:b@example.org/',
  ],
  ...['file:///etc/passwd', 'gopher://example.org/', ' http://127.0.0.1', 'http:\\\\127.0.0.1/a'],
])('R49 no model server is made to fetch %s', (url) => {
  const refusal = expect.objectContaining({ code: 'INVALID' });
  for (const body of [asChat(url), asResponse(url)])
    expect(() => needOutsideMedia(body)).toThrow(refusal);
});

test.each([
  ...['https://example.org/cat.png', 'http://8.8.8.8/a', 'data:image/png;base64,iVBORw0KGgo='],
  ...['iVBORw0KGgo=', '', null, 7, { url: 'http://127.0.0.1' }],
])('%j is the model server’s to judge', (url) => {
  expect(() => needOutsideMedia(asChat(url))).not.toThrow();
});

test('whatever else stands there is no concern of it', () => {
  const odd = [null, 1, 'x', [], { content: 'http://127.0.0.1' }, { content: [null, 'x', {}] }];
  expect(() => needOutsideMedia({ messages: odd, input: 'http://127.0.0.1' })).not.toThrow();
});
