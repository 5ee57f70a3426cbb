import { expect, test } from 'vitest';
import { BASE, faintPairs, palette } from '../../../server/theme/palette.ts';

const SCHEMES = ['light', 'dark'] as const;

test('what nobody states stays as it is, and is easy to read', () => {
  for (const scheme of SCHEMES) {
    expect(palette(scheme, {})).toEqual(BASE[scheme]);
    expect(faintPairs(scheme, palette(scheme, {}))).toEqual([]);
  }
});

test('an accent alone changes what follows from it, and nothing else', () => {
  const { accent, 'accent-strong': strong, 'accent-wash': wash, ...rest } = BASE.light;
  const green = palette('light', { accent: '#1e6841' });
  expect(green).toMatchObject(rest);
  expect(green.accent).toBe('#1e6841');
  expect(green['accent-strong']).not.toBe(strong);
  expect(green['accent-wash']).not.toBe(wash);
  expect(faintPairs('light', green)).toEqual([]);
});

test('what stands on the accent is light or dark, whichever is clearer, unless it is stated', () => {
  expect(palette('dark', { accent: '#86d3a4' })['on-accent']).toBe('#16130f');
  expect(palette('light', { accent: '#1e6841' })['on-accent']).toBe('#ffffff');
  expect(palette('light', { accent: '#1e6841', on_accent: '#ffffcc' })['on-accent']).toBe(
    '#ffffcc',
  );
});

test('a page and its text give grounds and lines that are easy to read', () => {
  for (const [scheme, page, text] of [
    ['light', '#ffffff', '#111111'],
    ['light', '#fff8f0', '#2a1a0a'],
    ['dark', '#000000', '#eeeeee'],
    ['dark', '#101720', '#e2eaf2'],
  ] as const) {
    const colors = palette(scheme, { page, text });
    expect(colors).toMatchObject({ page, text });
    expect(faintPairs(scheme, colors)).toEqual([]);
  }
});

test('a stated side and soft text win over what would follow from page and text', () => {
  const stated = { page: '#ffffff', text: '#000000', side: '#eeeeff', text_soft: '#333333' };
  expect(palette('light', stated)).toMatchObject({ side: '#eeeeff', 'text-soft': '#333333' });
});

test('a faint pair is named, with both colours and its ratio', () => {
  const colors = palette('light', { accent: '#ffcc00', on_accent: '#ffffff' });
  expect(faintPairs('light', colors)).toContain(
    'colors.light: accent #ffcc00 on page #fdfcfa has a contrast of 1.47; WCAG 2.1 AA asks for 4.5',
  );
  expect(faintPairs('light', colors).join()).toContain('on-accent #ffffff on accent #ffcc00');
});
