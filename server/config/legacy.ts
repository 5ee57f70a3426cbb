// Rewrites every older form of config.yaml to the newest, before validation. A rewrite never widens access and never
// multiplies a budget; where an old meaning can't be kept, the narrower one is taken and said.
import type { Draft } from './draft.ts';
import { rewriteAccessLists, rewriteGlobalAccess } from './legacy-access.ts';
import { rewriteBudgets } from './legacy-budgets.ts';
import { rewriteCaps } from './legacy-caps.ts';
import type { Path } from './problem.ts';
import { isMapping } from './yaml-file.ts';

/** Settings that only changed their place. */
const MOVES: readonly (readonly [from: string, to: string])[] = [
  ['app.database_url', 'app.database.url'],
  ['app.graylist_default_notice', 'defaults.models.ack_message'],
  ['prometheus', 'api.prometheus'],
  ['monitoring', 'api.monitoring'],
];

export function rewriteLegacy(draft: Draft): void {
  for (const [from, to] of MOVES) rewriteMove(draft, from, to);
  rewriteDatabasePool(draft);
  rewriteAdmins(draft);
  for (const old of ['clients', 'services']) rewriteProjects(draft, old);
  rewriteModels(draft);
  const all = scopes(draft);
  const caps = all.flatMap((scope) => rewriteBudgets(draft, scope));
  rewriteCaps(draft, all, caps);
  for (const scope of all) rewriteAccessLists(draft, scope);
  rewriteGlobalAccess(draft);
}

function rewriteMove(draft: Draft, from: string, to: string): void {
  const path = from.split('.');
  if (!draft.has(path)) return;
  draft.notice(from, to, path);
  const target = to.split('.');
  // Of a block that stands at both places, what only the older one has is kept.
  if (isMapping(draft.at(path)))
    for (const key of draft.keys(path)) draft.move([...path, key], [...target, key]);
  draft.move(path, target);
}

function rewriteDatabasePool(draft: Draft): void {
  const path = ['app', 'db_pool'];
  if (!draft.has(path)) return;
  draft.notice('app.db_pool', 'app.database', path);
  for (const key of draft.keys(path)) draft.move([...path, key], ['app', 'database', key]);
  draft.remove(path);
}

/** A person can't be called `admins`, since people are named by e-mail addresses. */
function rewriteAdmins(draft: Draft): void {
  const path = ['users', 'admins'];
  const admins = draft.at(path);
  if (admins === undefined) return;
  draft.remove(path);
  draft.notice('users.admins', 'admins', path);
  [admins].flat().forEach((admin, index) => {
    draft.append(['admins'], admin, [...path, index]);
  });
}

/** Machine accounts were called services, then clients, now projects. */
function rewriteProjects(draft: Draft, old: string): void {
  if (!draft.has([old])) return;
  draft.notice(old, 'projects', [old]);
  for (const name of draft.keys([old])) {
    const from = [old, name];
    if (draft.has(['projects', name])) {
      draft.conflict(from, `a second block for the project; keep the one below projects`);
    }
    draft.move(from, ['projects', name]);
  }
  draft.remove([old]);
}

function rewriteModels(draft: Draft): void {
  const models = draft.at(['models']);
  if (!Array.isArray(models)) return;
  models.forEach((model: unknown, index) => {
    if (!isMapping(model)) return;
    rewriteActive(draft, model, ['models', index]);
    rewriteAudioPrice(draft, model, ['models', index]);
    rewriteVision(draft, model, ['models', index]);
  });
}

function rewriteActive(draft: Draft, model: Record<string, unknown>, path: Path): void {
  if (!('active' in model)) return;
  const from = [...path, 'active'];
  draft.notice('models[*].active', 'models[*].disabled, which says the opposite', from);
  const word = String(model.active).trim().toLowerCase();
  const active = ['true', 'yes', 'on', '1'].includes(word);
  if (!active && !['false', 'no', 'off', '0'].includes(word)) {
    draft.conflict(from, 'must be true or false; write disabled instead');
  }
  draft.remove(from);
  if (!active && !draft.has([...path, 'disabled'])) draft.set([...path, 'disabled'], true, from);
}

function rewriteAudioPrice(draft: Draft, model: Record<string, unknown>, path: Path): void {
  const perMinute = model.audio_cost_per_minute;
  if (perMinute === undefined) return;
  const from = [...path, 'audio_cost_per_minute'];
  const to = [...path, 'audio_cost_per_hour'];
  draft.notice(
    'models[*].audio_cost_per_minute',
    'models[*].audio_cost_per_hour, 60 times it',
    from,
  );
  draft.remove(from);
  if (!draft.has(to)) draft.set(to, Number(perMinute) * 60, from);
}

/** Whether a model sees images was said by itself, before there was a list of what it reads. */
function rewriteVision(draft: Draft, model: Record<string, unknown>, path: Path): void {
  if (!('supports_vision' in model)) return;
  const from = [...path, 'supports_vision'];
  const to = [...path, 'input_modalities'];
  draft.notice('models[*].supports_vision', 'models[*].input_modalities', from);
  const sees = ['true', 'yes', 'on', '1'].includes(String(model.supports_vision).toLowerCase());
  draft.remove(from);
  if (!draft.has(to)) draft.set(to, sees ? ['text', 'image'] : ['text'], from);
}

/** Every block that may hold a pool and rules for models. */
function scopes(draft: Draft): Path[] {
  return ['groups', 'users', 'projects'].flatMap((section) =>
    draft.keys([section]).map((name) => [section, name]),
  );
}
