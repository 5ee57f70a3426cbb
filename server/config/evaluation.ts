import type { Config } from './config.ts';
import { Draft } from './draft.ts';
import { override } from './environment.ts';
import { deepFreeze } from './freeze.ts';
import type { Env } from './interpolate.ts';
import { normalForm } from './normal-form.ts';
import { ConfigError, pathText } from './problem.ts';
import type { GeneratedSecrets } from './secrets.ts';
import { validate } from './validate.ts';

const EMAIL = 'dev@example.com';

/** What is used when there is no config.yaml: one developer, one model that echoes, ten coins. */
export function evaluationConfig({
  echoUrl,
  secrets,
  env,
}: {
  readonly echoUrl: string;
  readonly secrets: GeneratedSecrets;
  readonly env: Env;
}): Config {
  const draft = new Draft({
    version: 2,
    app: { debug: true, dev_user: EMAIL },
    admins: [EMAIL],
    // Whoever tries Lumen out, or measures it, asks as often as they like.
    rate_limiting: { limit: 'unlimited' },
    models: [
      {
        name: 'dummy',
        description: 'Repeats what you say, so that Lumen can be tried without a model server.',
        input_cost_per_million: 1,
        output_cost_per_million: 2,
        endpoints: [{ url: echoUrl, api_key: 'dummy' }],
      },
    ],
    groups: {
      default: { max: 10, refresh: 1, starting: 10, model_access: { default: 'allowed' } },
    },
  });
  override(draft, { DATABASE_URL: env.DATABASE_URL, REDIS_URL: env.REDIS_URL });
  const { file, errors } = validate(draft);
  if (!file) {
    const source = 'evaluation mode';
    const place = { source, line: null, column: null };
    throw new ConfigError(
      errors.map((error) => ({ ...place, ...error, path: pathText(error.path) })),
    );
  }
  const sections = normalForm(file);
  return deepFreeze({
    generation: 1,
    file: null,
    ...sections,
    secrets: { ...secrets, previousApiKeys: [] },
  });
}
