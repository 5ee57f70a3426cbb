// What config.yaml may say of the portal itself: its name, its secrets, its sessions, its database and its log.
import { z } from 'zod';
import { count, flag, listOf, name, seconds, secret, text, webAddress } from './schema-values.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
const PYTHON_LEVELS: Record<string, string> = {
  warning: 'warn',
  critical: 'error',
  fatal: 'error',
};
const POOL_TIMEOUT_MAX = 3600;

/** A level by its name here or in Python, in any case. */
export const logLevel = z.preprocess(asLevel, z.enum(LEVELS));

const logs = z
  .strictObject({
    level: logLevel
      .default('info')
      .describe('Least severity that is logged; the environment variable LOG_LEVEL wins.'),
    access: flag().default(true).describe('Whether each request is logged.'),
    model: flag().default(false).describe('Whether each look at a model server is logged.'),
  })
  .prefault({})
  .describe('The log, which goes to standard error.');

const session = z
  .strictObject({
    idle_hours: count(1, 720)
      .default(24)
      .describe('Hours after its last use at which a session ends.'),
    lifetime_days: count(1, 90)
      .default(7)
      .describe('Days after the sign-in at which a session ends, however much it is used.'),
  })
  .prefault({})
  .describe('How long people stay signed in.');

const database = z
  .strictObject({
    url: secret()
      .trim()
      .regex(/^(postgres(ql)?(\+\w+)?:|sqlite)/, 'an address that begins with postgresql://')
      .optional()
      .describe(
        'Address of a PostgreSQL server; without it, Lumen runs its own in the data folder.',
      ),
    pool_size: count(1, 1000).default(5).describe('Connections that are kept open.'),
    max_overflow: count(0, 1000).default(10).describe('Connections above pool_size in a rush.'),
    pool_timeout: seconds(POOL_TIMEOUT_MAX)
      .default(5)
      .describe('Seconds to wait for a free connection before a request fails.'),
  })
  .prefault({})
  .describe('Where Lumen keeps what happens.');

const devUser = z
  .preprocess(
    (value) => (typeof value === 'string' ? { email: value } : value),
    z.strictObject({
      email: z.string().trim().min(1).max(320).describe('E-mail address to sign in as.'),
      groups: listOf(name()).default([]).describe('Groups that this person is in.'),
    }),
  )
  .optional()
  .describe(
    'Person who signs in without a password, as an e-mail address or a block; only together with debug.',
  );

export const appSchema = z
  .strictObject({
    name: text().default('Lumen').describe('Name of this portal.'),
    tagline: text().default('').describe('Line below the name.'),
    announcement: text()
      .default('')
      .describe(
        'Banner on every page until its reader closes it, in Markdown or simple HTML; a change shows it again.',
      ),
    theme: name()
      .default('default')
      .describe('Folder in themes whose colours, logo and links the pages have.'),
    email_themes: z
      .record(z.string(), name())
      .default({})
      .describe(
        'Other themes for some people, by e-mail address or by @ and what comes after it; the first that fits wins.',
      ),
    github_url: webAddress()
      .optional()
      .describe('Address of this portal’s source, linked at the foot of pages.'),
    secret_key: secret()
      .optional()
      .describe(
        'Signs session cookies: 32 or more random characters; a change signs everybody out.',
      ),
    encryption_key: secret()
      .optional()
      .describe('Hashes API keys: 32 or more random characters, other than secret_key.'),
    previous_encryption_keys: listOf(secret())
      .default([])
      .describe('Former values of encryption_key: API keys made under them stay valid.'),
    debug: flag()
      .default(false)
      .describe('Whether this is a developer’s machine: allows dev_user and plain-HTTP cookies.'),
    dev_user: devUser,
    trusted_proxies: count(0, 10)
      .default(0)
      .describe(
        'Proxies that stand in front and add to X-Forwarded-For; 0 takes the address of the connection.',
      ),
    config_editor: flag()
      .default(true)
      .describe('Whether administrators may edit this file in the browser.'),
    session,
    database,
    logs,
  })
  .prefault({})
  .describe('The application.');

function asLevel(value: unknown): unknown {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  return (typeof word === 'string' && PYTHON_LEVELS[word]) || word;
}
