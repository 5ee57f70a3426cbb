import { expect, test } from 'vitest';
import { withoutSecrets } from '../../../client/src/lib/config-editor/kept-draft.ts';

test('what is kept in the browser has no secret that was typed there', () => {
  const text = [
    'app:',
    '  secret_key: typed-secret # new',
    '  encryption_key: (kept secret 0123456789abcdef)',
    'models:',
    '  - name: token',
    '    endpoints:',
    '      - api_key: "typed-secret"',
    `      - api_key: \${KEY}`,
    'rate_limiting:',
    '  failed_keys: 20 per minute',
  ].join('\n');
  expect(withoutSecrets(text)).toBe(
    text.replace('typed-secret # new', '"********"').replace('"typed-secret"', '"********"'),
  );
});
