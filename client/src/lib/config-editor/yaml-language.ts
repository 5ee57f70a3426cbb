// Completion and explanation of settings, from the schema.
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { Text } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import { type Path, type Setting, settingAt, shapeOf, standardOf } from './schema.ts';
import { placeAt, siblingKeys, type YamlPlace } from './yaml-place.ts';

const NAMES_OF_MODELS = /^(allowed|blocked|title_model)$/;

const linesOf = (doc: Text): string[] => doc.toString().split('\n');

/** What may be written where the cursor stands. */
export function completeSetting({
  state,
  pos,
  explicit,
}: CompletionContext): CompletionResult | null {
  const line = state.doc.lineAt(pos);
  const lines = linesOf(state.doc);
  const place = placeAt(lines, line.number - 1, pos - line.from);
  if (!place) return null;
  const from = line.from + place.from;
  if (from === pos && !explicit && !place.isValue) return null;
  const options =
    place.isValue || isInTexts(place)
      ? values(place.path, lines)
      : keys(place, lines, line.number - 1);
  return options.length > 0 ? { from, options, validFor: /^[\w./-]*$/ } : null;
}

const isInTexts = ({ path }: YamlPlace): boolean =>
  typeof path.at(-1) === 'number' && !settingAt(path)?.properties;

function keys({ path }: YamlPlace, lines: readonly string[], index: number): Completion[] {
  const known = siblingKeys(lines, index);
  const { properties = {}, required = [] } = settingAt(path) ?? {};
  return Object.entries(properties)
    .filter(([key]) => !known.has(key))
    .map(([key, setting]) => ({
      label: key,
      apply: isNested(setting) ? `${key}:` : `${key}: `,
      type: 'property',
      detail: standardOf(setting),
      info: setting.description ?? '',
      boost: required.includes(key) ? 1 : 0,
    }));
}

const isNested = (setting: Setting): boolean =>
  ['block', 'list', 'table'].includes(shapeOf(setting));

function values(path: Path, lines: readonly string[]): Completion[] {
  const names = path.findLast((key) => typeof key === 'string') ?? '';
  if (NAMES_OF_MODELS.test(names)) return wordsOf(modelNames(lines));
  const setting = settingAt(path);
  if (!setting) return [];
  if (setting.enum) return wordsOf(setting.enum);
  return shapeOf(setting) === 'flag' ? wordsOf(['true', 'false']) : [];
}

const wordsOf = (words: readonly string[]): Completion[] =>
  words.map((label) => ({ label, type: 'enum' }));

function modelNames(lines: readonly string[]): string[] {
  const isOfModel = (index: number) => placeAt(lines, index, lines[index]?.length ?? 0)?.path;
  return lines.flatMap((line, index) => {
    const [, name] = /^\s*(?:-\s+)?name:\s*["']?([^"'#]+?)["']?\s*(?:#.*)?$/.exec(line) ?? [];
    return name && isOfModel(index)?.join('.') === 'models.0.name' ? [name] : [];
  });
}

/** The sentence of the setting under the pointer. */
export const explainSetting = hoverTooltip((view, pos) => {
  const line = view.state.doc.lineAt(pos);
  const key = /^\s*(?:-\s+)*([\w-]+):/.exec(line.text);
  const end = key?.[0].length ?? 0;
  if (!key || pos > line.from + end) return null;
  const place = placeAt(linesOf(view.state.doc), line.number - 1, line.length);
  const setting = settingAt([...(place?.path ?? [])]);
  if (!setting?.description) return null;
  const standard = standardOf(setting);
  const text = standard ? `${setting.description} Without it: ${standard}.` : setting.description;
  return {
    pos: line.from + end - 1 - (key[1]?.length ?? 0),
    end: line.from + end,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-explanation';
      dom.textContent = text;
      return { dom };
    },
  };
});
