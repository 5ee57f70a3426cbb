import { relative } from 'node:path';
import type { App } from './app.ts';

/** What is printed when Lumen has started: where it is, who one is there, where the data lie, what to do next. */
export function welcome({ url, config, place }: App): string {
  const { name, debug, devUser } = config.app;
  const isEvaluation = config.file === null;
  const data =
    config.database.url === null
      ? relative(process.cwd(), place.dataDir) || '.'
      : 'the PostgreSQL of DATABASE_URL or app.database_url';
  const rows = [
    ['Open', url],
    [
      'You are',
      debug && devUser
        ? `${devUser.email}${config.admins.has(devUser.email) ? ', an administrator' : ''} (one click signs you in)`
        : 'whoever your identity provider says',
    ],
    ['Data', data],
    ['Models', [...config.models.keys()].slice(0, 5).join(', ')],
    [
      'Next',
      isEvaluation
        ? 'ask something; then copy config.yaml.example to config.yaml and name your own models'
        : `edit ${config.file}`,
    ],
    ['API key', 'npm run --silent lumen -- create-key --email you@example.com --name laptop'],
    ['Stop', 'Ctrl-C'],
  ];
  const lines = rows.map(([label = '', text = '']) => `  ${label.padEnd(9)}${text}`);
  return `\n${name} is ready${isEvaluation ? ' for evaluation: only this machine can reach it' : ''}.\n\n${lines.join('\n')}\n\n`;
}
