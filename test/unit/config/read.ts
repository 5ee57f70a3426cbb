import type { Config } from '../../../server/config/config.ts';
import type { Env } from '../../../server/config/interpolate.ts';
import { parseConfig } from '../../../server/config/load.ts';
import { ConfigError } from '../../../server/config/problem.ts';

const FILE = 'config.yaml';

export const read = (text: string, env: Env = {}) =>
  parseConfig(text, { file: FILE, env, generation: 1 });

export async function configOf(text: string, env: Env = {}): Promise<Config> {
  const { config } = await read(text, env);
  return config;
}

/** The lines of what is wrong with the text; none when it loads. */
export async function problemsOf(text: string, env: Env = {}): Promise<string[]> {
  try {
    await read(text, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

/** A file of two models, around whatever a test is about. */
export const withModels = (text: string): string => `
models:
  - { name: small, input_cost_per_million: 1, output_cost_per_million: 2 }
  - { name: large, input_cost_per_million: 10, output_cost_per_million: 20 }
${text}`;
