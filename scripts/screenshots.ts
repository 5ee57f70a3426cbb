/** `node scripts/screenshots.ts`: makes the pictures of docs/img anew, from a real Lumen with the seed's people. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';
import { root, runTool } from './tool.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const folder = await mkdtemp(join(tmpdir(), 'lumen-pictures-'));
const env = { ...process.env, PORT: '0', LUMEN_DATA_DIR: folder, CONFIG_YAML: '' };
const images = join(root, 'docs/img');

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780 };

async function addressOf(lumen: ReturnType<typeof spawn>): Promise<string> {
  if (!lumen.stdout) throw new Error('the server says nothing');
  for await (const line of createInterface(lumen.stdout)) {
    const [address] = /http:\/\/\S+/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('the server did not start: run npm run build');
}

async function asks(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/devlogin`);
  await page
    .getByRole('main')
    .getByRole('textbox')
    .fill('What is the Gaussian integral, and why does it matter?');
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'About this answer' }).waitFor();
}

await mkdir(images, { recursive: true });
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
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of [
      ['', WIDE],
      ['-phone', PHONE],
    ] as const) {
      const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 1 });
      const picture = (name: string) =>
        page.screenshot({
          path: join(images, `${name}${size}${colorScheme === 'dark' ? '-dark' : ''}.png`),
        });
      await page.goto(url);
      await page.getByRole('link', { name: /Continue/ }).waitFor();
      await picture('sign-in');
      await asks(page, url);
      await picture('chat');
      await page.goto(`${url}/settings`);
      await page.getByText('This browser').waitFor();
      if (viewport === WIDE) await page.getByText(/coins left/).waitFor();
      await picture('settings');
      await page.close();
    }
  }
} finally {
  await browser.close();
  lumen.kill('SIGTERM');
  await once(lumen, 'exit');
  await rm(folder, { recursive: true, force: true });
}
