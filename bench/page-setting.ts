/** What `page.ts` measures: a Lumen with a model server that the bench speaks for, and Chromium in front of it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type BrowserContext, chromium } from 'playwright-core';
import { stringify } from 'yaml';
import { type Behaviour, type FakeModel, startFakeModel } from '../test/support/fake-model.ts';
import { LONG_ANSWER, lengthen } from '../test/support/long-conversation.ts';
import { findChromium } from '../test/support/programs.ts';
import { start } from './processes.ts';
import { databaseUrl } from './setting.ts';

const PERSON = 'bench@example.org';

export interface Setting {
  readonly origin: string;
  readonly model: FakeModel;
  readonly context: BrowserContext;
  readonly dataDir: string;
}

/** Starts everything; all of it is gone when the stack is disposed of. `note` runs in each page before its scripts. */
export async function openSetting(note: string, closing: AsyncDisposableStack): Promise<Setting> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lumen-bench-page-'));
  closing.defer(() => rm(dataDir, { recursive: true, force: true }));
  const model = await startFakeModel();
  closing.defer(() => model.close());
  const CONFIG_YAML = join(dataDir, 'config.yaml');
  await writeFile(CONFIG_YAML, stringify(configFor(model)));
  const env = { PORT: '0', CONFIG_YAML, LUMEN_DATA_DIR: dataDir, DATABASE_URL: '', REDIS_URL: '' };
  const lumen = await start({ script: ['dist/main.js'], env, logFile: join(dataDir, 'log') });
  closing.defer(lumen.stop);
  return { origin: lumen.origin, model, dataDir, context: await openBrowser(note, closing) };
}

const configFor = ({ url }: FakeModel) => ({
  version: 2,
  app: { debug: true, dev_user: PERSON },
  models: [
    {
      name: 'fake',
      input_cost_per_million: 0,
      output_cost_per_million: 0,
      endpoints: [{ url, api_key: 'fake', model: 'fake-1' }],
    },
  ],
  groups: {
    default: { max: 1_000, refresh: 0, starting: 1_000, model_access: { default: 'allowed' } },
  },
});

async function openBrowser(note: string, closing: AsyncDisposableStack): Promise<BrowserContext> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('Chromium is missing: apt-get install chromium');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  const browser = await chromium.launch({ executablePath, args });
  closing.defer(() => browser.close());
  const viewport = { width: 1280, height: 800 };
  // Waiting for an expression is evaluating it, which the page's own policy forbids.
  const context = await browser.newContext({ viewport, bypassCSP: true });
  await context.addInitScript({ content: note });
  return context;
}

/** Asks for an answer, past the page; gives the conversation's id. */
export async function begin({ context, origin }: Setting, conversationId?: string) {
  const query =
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { conversation { id } } }';
  const input = { content: 'Tell me a lot', model: 'fake', conversationId };
  const response = await context.request.post(`${origin}/graphql`, {
    data: { query, variables: { input } },
  });
  const { data, errors } = await response.json();
  if (!data) throw new Error(`nothing could be asked: ${JSON.stringify(errors)}`);
  return data.sendMessage.conversation.id as string;
}

/** A conversation with so many messages. */
export async function converse(setting: Setting, messages: number): Promise<string> {
  const id = await begin(setting);
  const client = new pg.Client({ connectionString: await databaseUrl(setting.dataDir) });
  await client.connect();
  const run = (statement: string, ...more: unknown[]) => client.query(statement, more);
  await lengthen(run, id, messages);
  await client.end();
  return id;
}

/** Writes at least so many words one by one, as models write them, at a steady pace. */
export function writes(words: number, perSecond: number): Behaviour {
  const each = LONG_ANSWER.split(/\s+/).length;
  const text = Array.from({ length: Math.ceil(words / each) }, () => LONG_ANSWER).join('\n\n');
  const pieces = text.match(/\S+\s*/g) ?? [];
  return (request) => {
    const startedAt = performance.now();
    let told = 0;
    const timer = setInterval(() => {
      const due = Math.ceil(((performance.now() - startedAt) / 1_000) * perSecond);
      for (; told < Math.min(due, pieces.length); told += 1) request.says(pieces[told] ?? '');
      if (told < pieces.length) return;
      clearInterval(timer);
      request.finishes();
    }, 1_000 / perSecond);
  };
}
