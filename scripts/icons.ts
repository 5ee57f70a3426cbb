// `node scripts/icons.ts`: draws the icons of the installed app anew, from client/static/favicon.svg.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './tool.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const folder = join(root, 'client/static');
const drawing = await readFile(join(folder, 'favicon.svg'), 'utf8');
const [, ground = ''] = /<rect[^>]*fill="([^"]+)"/.exec(drawing) ?? [];

interface Picture {
  readonly file: string;
  readonly side: number;
  /** Systems cut a shape of their own out of it: all of it is ground, and what counts is well within. */
  readonly isFull: boolean;
}

const pictures: readonly Picture[] = [
  { file: 'icon-192.png', side: 192, isFull: false },
  { file: 'icon-512.png', side: 512, isFull: false },
  { file: 'icon-maskable-512.png', side: 512, isFull: true },
  { file: 'apple-touch-icon.png', side: 180, isFull: true },
];

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  for (const { file, side, isFull } of pictures) {
    const page = await browser.newPage({ viewport: { width: side, height: side } });
    const size = isFull ? '80%' : '100%';
    await page.setContent(
      `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${isFull ? ground : 'none'}">
        <div style="width:${size};height:${size}">${drawing}</div></body>`,
    );
    await page.screenshot({ path: join(folder, file), omitBackground: !isFull });
    await page.close();
  }
} finally {
  await browser.close();
}
