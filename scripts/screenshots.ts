/** `node scripts/screenshots.ts`: makes the pictures of docs/img anew, from a real Lumen with people and conversations. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startPicturedModel } from './pictured-model.ts';
import { configuration, furnish, modelNames, type Portal } from './pictured-portal.ts';
import { root, runTool } from './tool.ts';

interface Picture {
  readonly name: string;
  readonly path: (portal: Portal) => string;
  /** Leads from the page as it opens to what is to be seen. */
  readonly show?: (page: Page) => Promise<unknown>;
  /** Also as a telephone shows it. */
  readonly isSmallToo?: boolean;
}

const PICTURES: readonly Picture[] = [
  {
    name: 'chat',
    path: ({ conversation }) => `/c/${conversation}`,
    show: fromTop,
    isSmallToo: true,
  },
  {
    name: 'comparison',
    path: ({ comparison }) => `/c/${comparison}`,
    show: fromTop,
    isSmallToo: true,
  },
  { name: 'prompts', path: () => '/', show: openPrompts },
  { name: 'models', path: () => '/models', isSmallToo: true },
  { name: 'model', path: () => '/models/llama-3.3-70b' },
  { name: 'usage', path: () => '/usage', isSmallToo: true },
  { name: 'connect', path: () => '/connect' },
  { name: 'help', path: () => '/help' },
  { name: 'projects', path: () => '/projects' },
  { name: 'project', path: () => '/projects/physics-tutorial' },
  { name: 'deleted', path: () => '/deleted' },
  { name: 'settings', path: () => '/settings', isSmallToo: true },
  { name: 'people', path: () => '/admin' },
  { name: 'person', path: ({ person }) => `/admin/people/${person}` },
  { name: 'groups', path: () => '/admin/groups' },
  { name: 'group', path: () => '/admin/groups/students' },
  { name: 'endpoints', path: () => '/admin/endpoints' },
  { name: 'audit', path: () => '/admin/audit' },
  { name: 'access', path: () => '/admin/access' },
  { name: 'configuration', path: () => '/admin/configuration' },
  { name: 'configuration-editor', path: () => '/admin/configuration/edit' },
  { name: 'status', path: () => '/admin/status' },
  { name: 'graphiql', path: () => '/graphiql', show: showEditor },
];

async function fromTop(page: Page): Promise<void> {
  await page.getByRole('list', { name: 'About this answer' }).first().waitFor();
  await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
}

async function openPrompts(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('textbox').fill('/');
  await page.getByRole('option', { name: /Referee/ }).waitFor();
}

async function showEditor(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Endpoints' }).waitFor();
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
}

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const folder = await mkdtemp(join(tmpdir(), 'lumen-pictures-'));
const configFile = join(folder, 'config.yaml');
const env = { ...process.env, PORT: '0', LUMEN_DATA_DIR: folder, CONFIG_YAML: configFile };
const images = join(root, 'docs/img');

const SIZES = [
  { suffix: '', viewport: { width: 1280, height: 800 } },
  { suffix: '-phone', viewport: { width: 390, height: 780 } },
];

async function addressOf(lumen: ReturnType<typeof spawn>): Promise<string> {
  if (!lumen.stdout) throw new Error('the server says nothing');
  for await (const line of createInterface(lumen.stdout)) {
    const [address] = /http:\/\/\S+/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('the server did not start: run npm run build');
}

/** As WebP, which is a third of what PNG is and which browsers alone can make here. */
async function save(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  await writeFile(join(images, `${name}.webp`), Buffer.from(data, 'base64'));
  await session.detach();
}

async function takeAll(browser: Browser, url: string, portal: Portal): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const { suffix, viewport } of SIZES) {
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      const pictures = PICTURES.filter(({ isSmallToo }) => suffix === '' || isSmallToo);
      const ending = `${suffix}${colorScheme === 'dark' ? '-dark' : ''}`;
      await page.goto(url);
      await page.getByRole('link', { name: /Continue/ }).waitFor();
      await save(page, `sign-in${ending}`);
      await page.goto(`${url}/devlogin`);
      for (const picture of pictures) {
        await page.goto(url + picture.path(portal), { waitUntil: 'networkidle' });
        await picture.show?.(page);
        await save(page, picture.name + ending);
      }
      await page.close();
    }
}

await rm(images, { recursive: true, force: true });
await mkdir(images, { recursive: true });
const model = await startPicturedModel(modelNames);
await writeFile(configFile, configuration(model.url));
const lumen = spawn(process.execPath, [join(root, 'dist/main.js')], {
  env,
  stdio: ['ignore', 'pipe', 'ignore'],
});
const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  const url = await addressOf(lumen);
  const seeded = await runTool(['tsx', join(root, 'scripts/seed.ts')], { cwd: root, env });
  if (!seeded.ok) throw new Error(seeded.output);
  const context = await browser.newContext();
  await context.request.get(`${url}/devlogin`);
  const portal = await furnish(context.request, url);
  await takeAll(browser, url, portal);
} finally {
  await browser.close();
  model.server.close();
  lumen.kill('SIGTERM');
  await once(lumen, 'exit');
  await rm(folder, { recursive: true, force: true });
}
