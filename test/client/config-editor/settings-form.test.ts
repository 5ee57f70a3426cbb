import { expect, test } from 'vitest';
import { root, settingAt, shapeOf } from '../../../client/src/lib/config-editor/schema.ts';
import {
  meantBy,
  settingsForm,
  shownOf,
  unknownKeys,
} from '../../../client/src/lib/config-editor/settings-form.ts';

const setting = (...path: (string | number)[]) => {
  const found = settingAt(path);
  if (!found) throw new Error(`no setting ${path.join('.')}`);
  return found;
};

test('each setting has the field that fits it', () => {
  const shapes = {
    flag: ['api', 'consent'],
    choice: ['chat', 'remove'],
    number: ['models', 0, 'input_cost_per_million'],
    text: ['app', 'name'],
    texts: ['groups', 'staff', 'model_access', 'allowed'],
    block: ['app', 'logs'],
    list: ['models', 0, 'endpoints'],
    table: ['groups'],
  };
  for (const [shape, path] of Object.entries(shapes)) expect(shapeOf(setting(...path))).toBe(shape);
});

test('a field that is left empty writes nothing, and what is written means what it says', () => {
  const consent = setting('api', 'consent');
  expect(meantBy('', consent)).toBeUndefined();
  expect(meantBy('false', consent)).toBe(false);
  const price = setting('models', 0, 'input_cost_per_million');
  expect(meantBy('0,5', price)).toBe(0.5);
  expect(meantBy('-2', setting('groups', 'g', 'max'))).toBe(-2);
  expect(meantBy(`\${PRICE}`, price)).toBe(`\${PRICE}`);
  expect(meantBy('a\n\n b ', setting('admins'))).toEqual(['a', 'b']);
  expect(meantBy('4711', setting('app', 'name'))).toBe('4711');
});

test('what stands in the file is shown as it is, but for a secret that is kept', () => {
  expect(shownOf(false)).toBe('false');
  expect(shownOf(['a', 'b'])).toBe('a\nb');
  expect(shownOf('(kept secret 0123456789abcdef)')).toBe('');
  expect(shownOf(undefined)).toBe('');
});

test('opening and leaving the form writes nothing, and unknown settings are named', () => {
  const written: string[] = [];
  const text = 'api:\nmodels:\n  - name: a\n    pool: 1\n';
  const form = settingsForm(text, false, (next) => written.push(next));
  expect(shownOf(form.valueAt(['api', 'consent']))).toBe('');
  expect(unknownKeys(form.valueAt(['models', 0]), setting('models', 0))).toEqual(['pool']);
  expect(unknownKeys(form.valueAt([]), root)).toEqual([]);
  expect(written).toEqual([]);
  form.set(['groups', 'staff'], null);
  expect(written).toEqual([`${text}groups:\n  staff:\n`]);
});
