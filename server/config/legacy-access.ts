// Older words for who may use a model: whitelist, blacklist, graylist (allowed after an acknowledgement), `"*"`.
import type { Draft } from './draft.ts';
import { modelNames } from './legacy-budgets.ts';
import type { Path } from './problem.ts';
import { isMapping } from './yaml-file.ts';

/** Narrowest first: where lists of a block disagree about everything else, the narrowest decides. */
const WORDS = [
  { list: 'blacklist', verdict: 'blocked' },
  { list: 'blocked', verdict: 'blocked' },
  { list: 'graylist', verdict: 'allowed' },
  { list: 'whitelist', verdict: 'allowed' },
  { list: 'allowed', verdict: 'allowed' },
] as const;
const OLD_WORDS: readonly string[] = ['whitelist', 'blacklist', 'graylist'];
const EVERYTHING = '*';

type Word = (typeof WORDS)[number];

export function rewriteAccessLists(draft: Draft, scope: Path): void {
  rewriteNames(draft, scope);
  const rules = [...scope, 'model_access'];
  if (!isMapping(draft.at(rules))) return;
  rewriteDefaultWord(draft, [...rules, 'default'], namedIn(draft, rules));
  for (const word of WORDS) rewriteList(draft, rules, word);
}

/** What held for everybody: the words of models and of `defaults`, and the `model_access` at the top. */
export function rewriteGlobalAccess(draft: Draft): void {
  const models = draft.at(['models']);
  const all = Array.isArray(models) ? models : [];
  all.forEach((model: unknown, index) => {
    const path = ['models', index, 'access'];
    if (!isMapping(model) || !rewriteWord(draft, path, 'models[*].access')) return;
    draft.set(['models', index, 'needs_ack'], true, path);
  });
  rewriteDefaultWord(draft, ['defaults', 'models', 'access'], []);
  rewriteTop(draft);
}

/** `models: [names]` of a group or a person was the list of what they may use. */
function rewriteNames(draft: Draft, scope: Path): void {
  const from = [...scope, 'models'];
  const names = draft.at(from);
  if (!Array.isArray(names)) return;
  draft.notice(`${scope[0]}.<name>.models`, `${scope[0]}.<name>.model_access.allowed`, from);
  draft.remove(from);
  names.forEach((name, index) => {
    draft.append([...scope, 'model_access', 'allowed'], name, [...from, index]);
  });
}

/** `graylist` as a default asked for an acknowledgement of each model that the block does not name. */
function rewriteDefaultWord(draft: Draft, path: Path, named: readonly string[]): void {
  const shown = [path[0], ...(path.length > 3 ? ['<name>'] : []), ...path.slice(-2)].join('.');
  if (!rewriteWord(draft, path, shown)) return;
  for (const model of modelNames(draft)) {
    if (model !== undefined && !named.includes(model)) askAcknowledgement(draft, model, path);
  }
}

/** Puts today's word for an old one; true when the old one asked for an acknowledgement. */
function rewriteWord(draft: Draft, path: Path, shown: string): boolean {
  const old = draft.at(path);
  const word = WORDS.find(({ list }) => list === old);
  if (!word || word.list === word.verdict) return false;
  const needsAck = word.list === 'graylist';
  draft.notice(`${shown}: ${word.list}`, word.verdict + (needsAck ? ' and needs_ack' : ''), path);
  draft.set(path, word.verdict, path);
  return needsAck;
}

function rewriteList(draft: Draft, rules: Path, { list, verdict }: Word): void {
  const from = [...rules, list];
  const names = listAt(draft, from);
  if (OLD_WORDS.includes(list) && draft.has(from)) {
    const needsAck = list === 'graylist' ? ', and models[*].needs_ack' : '';
    const shown = [...rules.slice(0, -2), '<name>', 'model_access'].join('.');
    draft.notice(`${shown}.${list}`, `${shown}.${verdict}${needsAck}`, from);
    draft.remove(from);
  }
  if (names.includes(EVERYTHING)) rewriteEverything(draft, rules, from, verdict);
  names.forEach((name, index) => {
    if (name === EVERYTHING) return;
    if (list !== verdict) draft.append([...rules, verdict], name, [...from, index]);
    if (list === 'graylist') askAcknowledgement(draft, String(name), from);
  });
}

/** An explicit `default` beats a `"*"` in a list. */
function rewriteEverything(draft: Draft, rules: Path, from: Path, verdict: string): void {
  draft.notice('"*" in a list of models', 'model_access.default', from);
  const rest = listAt(draft, from).filter((name) => name !== EVERYTHING);
  if (draft.has(from)) draft.set(from, rest, from);
  const path = [...rules, 'default'];
  if (draft.has(path)) return;
  const isGraylist = from.at(-1) === 'graylist';
  draft.set(path, isGraylist ? 'graylist' : verdict, from);
  rewriteDefaultWord(draft, path, namedIn(draft, rules));
}

/** The oldest list for everybody. Its blacklist beat every group, its other words only filled gaps. */
function rewriteTop(draft: Draft): void {
  const top = ['model_access'];
  if (!draft.has(top)) return;
  draft.notice(
    'model_access',
    'models[*].access, models[*].needs_ack and defaults.models.access',
    top,
  );
  draft.move([...top, 'default'], ['defaults', 'models', 'access']);
  rewriteDefaultWord(draft, ['defaults', 'models', 'access'], namedIn(draft, top));
  for (const { list, verdict } of WORDS.toReversed()) {
    for (const name of listAt(draft, [...top, list])) {
      setForAll(draft, String(name), verdict, [...top, list]);
      if (list === 'graylist') askAcknowledgement(draft, String(name), [...top, list]);
    }
  }
  draft.remove(top);
}

function setForAll(draft: Draft, model: string, verdict: string, from: Path): void {
  const index = modelNames(draft).indexOf(model);
  if (index < 0) return;
  const access = ['models', index, 'access'];
  if (verdict === 'blocked' || !draft.has(access)) draft.set(access, verdict, from);
  if (verdict === 'allowed') return;
  for (const group of draft.keys(['groups'])) {
    const allowed = ['groups', group, 'model_access', 'allowed'];
    const kept = listAt(draft, allowed).filter((name) => name !== model);
    if (draft.has(allowed)) draft.set(allowed, kept, allowed);
  }
}

function askAcknowledgement(draft: Draft, model: string, from: Path): void {
  modelNames(draft).forEach((name, index) => {
    if (name === model) draft.set(['models', index, 'needs_ack'], true, from);
  });
}

const namedIn = (draft: Draft, rules: Path): string[] =>
  WORDS.flatMap(({ list }) => listAt(draft, [...rules, list]).map(String));

function listAt(draft: Draft, path: Path): unknown[] {
  const found = draft.at(path);
  if (Array.isArray(found)) return found;
  return found === undefined ? [] : [found];
}
