// What a configuration says that is valid but probably not meant.
import type { AccessRules, Config } from './config.ts';
import type { ConfigFile } from './schema.ts';

/** One sentence for each doubt. `wasOpen`: the file came in a form in which unnamed models were open to all. */
export function advice(file: ConfigFile, config: Config, wasOpen: boolean): string[] {
  const found: string[] = [];
  if (file.app.database.url?.startsWith('sqlite')) {
    found.push(
      'app.database.url: SQLite is not used; Lumen runs its own PostgreSQL in the data folder and leaves the SQLite file alone.',
    );
  }
  if (file.version !== 2 && wasOpen && config.defaults.access === 'blocked') {
    found.push(
      'MODELS THAT NO RULE NAMES ARE BLOCKED. In the form of this file they were allowed; write defaults.models.access: allowed to open them again.',
    );
  } else if (!opensSomething(config)) {
    found.push(
      'NOBODY MAY USE ANY MODEL: the fallback is blocked and no rule allows one; write defaults.models.access: allowed, or model_access for a group.',
    );
  }
  if (!grantsSomething(config)) {
    found.push(
      'NOBODY HAS A BUDGET: no group, person or default grants one; write groups.default.max, or defaults.tokens.max.',
    );
  }
  const { enabled, token } = file.api.prometheus;
  if (enabled && !token)
    found.push('api.prometheus.enabled: /metrics stays off without api.prometheus.token.');
  return [
    ...found,
    ...unheeded(config),
    ...strangers(config),
    ...nobodys(config),
    ...repeats(file),
  ];
}

function opensSomething(config: Config): boolean {
  if (config.defaults.access === 'allowed') return true;
  if ([...config.models.values()].some(({ access }) => access === 'allowed')) return true;
  return scopes(config).some(({ access }) => opens(access));
}

const opens = ({ default: fallback, models }: AccessRules): boolean =>
  fallback === 'allowed' || [...models.values()].includes('allowed');

const grantsSomething = (config: Config): boolean =>
  [config.defaults, ...scopes(config)].some(({ pool }) => pool !== null && pool.max !== 0n);

const scopes = ({ groups, people, projects }: Config) =>
  [groups, people, projects].flatMap((section) => [...section.values()]);

/** What is said of endpoints and has no effect. */
function unheeded({ models }: Config): string[] {
  return [...models.values()].flatMap(({ name, rotation, endpoints }) => {
    const hasWeights = rotation !== 'weighted' && endpoints.some(({ weight }) => weight !== 1);
    const hasPasswords = endpoints.some(({ url }) => new URL(url).password !== '');
    return [
      ...(hasWeights ? [`models: ${name}: weight counts only with rotation: weighted.`] : []),
      ...(hasPasswords
        ? [`models: ${name}: a password in the url of an endpoint is not sent; write api_key.`]
        : []),
    ];
  });
}

/** A rule for a model that is not there opens nothing and closes nothing; mostly its name is misspelt. */
function strangers({ groups, people, projects, models }: Config): string[] {
  return Object.entries({ groups, users: people, projects }).flatMap(([section, blocks]) =>
    [...blocks].flatMap(([name, { access }]) =>
      [...access.models.keys()]
        .filter((model) => !models.has(model))
        .map((model) => `${section}.${name}.model_access: there is no model "${model}".`),
    ),
  );
}

/** People are named by their e-mail addresses, whatever else they are called elsewhere. */
function nobodys({ admins, people }: Config): string[] {
  const named = (section: string, emails: Iterable<string>) =>
    [...emails]
      .filter((email) => !email.includes('@'))
      .map((email) => `${section}: ${email} is no e-mail address, so it is nobody.`);
  return [...named('admins', admins), ...named('users', people.keys())];
}

function repeats({ models, users }: ConfigFile): string[] {
  const names = models.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const found = [...twice].map((name) => `models: ${name} is there twice; the last one counts.`);
  const { groups, model_access, unit, ...amounts } = users.default ?? {};
  const saysMore =
    Object.values(amounts).some((value) => value !== undefined) ||
    model_access?.default !== undefined ||
    [...(model_access?.allowed ?? []), ...(model_access?.blocked ?? [])].length > 0;
  if (saysMore) found.push('users.default: only its groups count; write defaults for the rest.');
  return found;
}
