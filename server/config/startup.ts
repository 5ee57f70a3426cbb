import type { Config } from './config.ts';

const SECRET_LENGTH_MIN = 32;
const DEFAULT_SECRET = /^change[-_ ]?me|^your[-_ ]/i;
const HOW_TO_MAKE = 'for example the output of: openssl rand -hex 32';

/** Why Lumen must not start with this configuration: one sentence each, which says what to do. */
export function startupProblems(config: Config): string[] {
  const problems: string[] = [];
  const { debug, devUser } = config.app;
  if (devUser && !debug) {
    problems.push(
      'app.dev_user lets anybody in without a password: remove it, or set app.debug: true if this is a developer’s machine.',
    );
  }
  if (!config.oauth2 && !devUser) {
    problems.push(
      'Nobody could sign in: set oauth2.client_id, client_secret and server_metadata_url, or app.debug: true with app.dev_user on a developer’s machine.',
    );
  }
  if (![...config.models.values()].some((model) => !model.disabled)) {
    problems.push('There is no model: add one to models that is not disabled.');
  }
  return [...problems, ...secretProblems(config)];
}

/** A developer's machine makes its own secrets, or may have weak ones. */
function secretProblems({ app, secrets }: Config): string[] {
  if (app.debug) return [];
  const problems = [
    secretProblem('app.secret_key', 'LUMEN_SECRET_KEY', secrets.session),
    secretProblem('app.encryption_key', 'LUMEN_API_KEY_SECRET', secrets.apiKeys),
  ].filter((problem) => problem !== null);
  if (problems.length === 0 && secrets.session === secrets.apiKeys) {
    return ['app.secret_key and app.encryption_key are the same: set two different ones.'];
  }
  return problems;
}

function secretProblem(setting: string, variable: string, secret: string): string | null {
  const advice = `set it, or the environment variable ${variable}, to ${SECRET_LENGTH_MIN} or more random characters, ${HOW_TO_MAKE}`;
  if (!secret) return `${setting} is missing: ${advice}.`;
  if (DEFAULT_SECRET.test(secret)) return `${setting} still has its default value: ${advice}.`;
  return secret.length < SECRET_LENGTH_MIN ? `${setting} is too short: ${advice}.` : null;
}
