import { expect, test } from 'vitest';
import { missingThemes, themesFor } from '../../../server/theme/chosen-theme.ts';
import { configOf, withModels } from '../config/read.ts';

const CHOICES = `app:
  theme: campus
  email_themes:
    Dean@Example.EDU: gold
    "@example.edu": green
    "@EDU": blue
    dean@example.edu: never`;

const config = await configOf(withModels(CHOICES));

test.each([
  ['dean@example.edu', ['gold', 'green', 'never']],
  ['ada@example.edu', ['green']],
  ['ada@law.example.edu', []],
  ['ada@notexample.edu', []],
  ['ada@edu', ['blue']],
  ['example.edu', []],
  [null, []],
])('%s may have the themes %j, the first of them first', (email, themes) => {
  expect(themesFor(config, email)).toEqual(themes);
});

test('each theme that nobody has is named with its setting', () => {
  const themes = { named: (name: string) => (name === 'green' ? ({} as never) : undefined) };
  expect(missingThemes(config, themes)).toEqual([
    'app.theme: there is no theme campus; it is passed over.',
    'app.email_themes.dean@example.edu: there is no theme gold; it is passed over.',
    'app.email_themes.@edu: there is no theme blue; it is passed over.',
    'app.email_themes.dean@example.edu: there is no theme never; it is passed over.',
  ]);
});

test('without a word about themes, everybody has the default one', async () => {
  const { app } = await configOf(withModels(''));
  expect([app.theme, app.emailThemes]).toEqual(['default', []]);
});
