import { expect, test } from 'vitest';
import { placeAt, siblingKeys } from '../../../client/src/lib/config-editor/yaml-place.ts';

/** The place of `|` in a text. */
function at(text: string) {
  const lines = text.split('\n');
  const index = lines.findIndex((line) => line.includes('|'));
  const column = lines[index]?.indexOf('|') ?? 0;
  const plain = lines.map((line) => line.replace('|', ''));
  const place = placeAt(plain, index, column);
  return place && { path: place.path.join('.'), isValue: place.isValue, plain, index };
}

test('a key is completed for the block that it stands in', () => {
  expect(at('ap|')).toMatchObject({ path: '', isValue: false });
  expect(at('app:\n  na|')).toMatchObject({ path: 'app', isValue: false });
  expect(at('app:\n  logs:\n    level: info\n  na|')).toMatchObject({ path: 'app' });
  expect(at('models:\n  - name: a\n    url: x\n    |')).toMatchObject({ path: 'models.0' });
  expect(at('models:\n- |')).toMatchObject({ path: 'models.0' });
  expect(at('models:\n- name: a\n  endpoints:\n  - url: x\n    api|')).toMatchObject({
    path: 'models.0.endpoints.0',
  });
  expect(at('a: 1\nmodels: # all\n  # one\n\n  - endpoints:\n      - |')).toMatchObject({
    path: 'models.0.endpoints.0',
  });
  expect(at('groups:\n  staff:\n    model_access:\n      all|')).toMatchObject({
    path: 'groups.staff.model_access',
  });
});

test('a value is completed for its setting, and a comment not at all', () => {
  expect(at('chat:\n  remove: |')).toMatchObject({ path: 'chat.remove', isValue: true });
  expect(at('models:\n  - "name": a|')).toMatchObject({ path: 'models.0.name', isValue: true });
  expect(at('groups:\n  a:\n    model_access:\n      allowed:\n        - |')).toMatchObject({
    path: 'groups.a.model_access.allowed.0',
  });
  expect(at('app: # na|')).toBeNull();
});

test('keys that a block has already are known, and those of its neighbours are not', () => {
  const text =
    'models:\n  - name: a\n    access: allowed\n    |\n    endpoints:\n      - url: x\n  - name: b\n    notice: n';
  const { plain = [], index = 0 } = at(text) ?? {};
  expect([...siblingKeys(plain, index)].toSorted()).toEqual(['access', 'endpoints', 'name']);
});
