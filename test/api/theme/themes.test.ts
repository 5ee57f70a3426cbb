import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Person } from '../../support/actors.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { savesTheme } from '../../support/themes.ts';

const SITE =
  '{ site { theme { name institution institutionUrl logo logoAlt colors { token light dark } footerLinks { text url } } } }';
const EVENTS =
  'subscription { viewerEvents { __typename ... on SiteChanged { site { theme { institution } } } } }';
const STATUS = '{ configStatus { problems { message } warnings } }';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>';
/** A theme that comes to be is found when Lumen next looks. */
const SOON = { timeout: 15_000 };

interface Theme {
  readonly name: string;
  readonly institution: string;
  readonly logo: string | null;
  readonly colors: readonly { token: string; light: string; dark: string }[];
}
interface Answer {
  readonly site: { readonly theme: Theme };
}

const themed = (app: Record<string, unknown>) => ({
  app: { debug: true, dev_user: 'dev@example.com', ...app },
});

async function themeOfVisitors({ url }: TestApp): Promise<Theme> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: SITE }),
  });
  return ((await response.json()) as { data: Answer }).data.site.theme;
}

const themeOf = async (person: Person): Promise<Theme> =>
  (await person.asks<Answer>(SITE)).site.theme;

const warnings = async (admin: Person) =>
  (await admin.asks<{ configStatus: { warnings: string[] } }>(STATUS)).configStatus.warnings;

test('visitors have the theme of the configuration, people that of their address, as it changes', async () => {
  const lumen = await testApp({
    config: themed({
      theme: 'aldermoor',
      email_themes: { 'dean@example.edu': 'nobodys', '@example.edu': 'kestrel-bay' },
    }),
  });
  const ada = await lumen.person('Ada@EXAMPLE.edu');
  const bob = await lumen.person('bob@law.example.edu');
  const dean = await lumen.person('dean@example.edu');
  expect((await themeOfVisitors(lumen)).name).toBe('aldermoor');
  expect((await themeOf(ada)).name).toBe('kestrel-bay');
  expect((await themeOf(bob)).name).toBe('aldermoor');
  expect((await themeOf(dean)).name).toBe('kestrel-bay');
  const admin = await lumen.person('dev@example.com');
  const missing =
    'app.email_themes.dean@example.edu: there is no theme nobodys; it is passed over.';
  expect(await warnings(admin)).toContain(missing);
  expect(lumen.log).toContainEqual(expect.objectContaining({ msg: missing }));

  await lumen.saves(themed({ theme: 'none-such' }));
  await expect.poll(async () => (await themeOf(ada)).name, SOON).toBe('aldermoor');
  expect((await themeOfVisitors(lumen)).name).toBe('aldermoor');
  expect(await warnings(admin)).toContain(
    'app.theme: there is no theme none-such; it is passed over.',
  );
  await savesTheme(lumen, 'none-such', { 'theme.yaml': 'institution: At last' });
  await expect.poll(async () => (await themeOf(ada)).institution, SOON).toBe('At last');
});

test('a theme whose folder goes away stays, with a warning, until another one is wanted', async () => {
  const lumen = await testApp({ config: themed({ theme: 'ours' }) });
  const admin = await lumen.person('dev@example.com');
  expect((await themeOf(admin)).name).toBe('default');
  await savesTheme(lumen, 'ours', { 'theme.yaml': 'institution: Ours' });
  await expect.poll(async () => (await themeOf(admin)).institution, SOON).toBe('Ours');
  await rm(join(dirname(lumen.configFile), 'themes', 'ours'), { recursive: true });
  const gone = 'The folder of the theme ours is gone; it stays in force as it was.';
  await expect.poll(() => warnings(admin), SOON).toEqual([gone]);
  expect((await themeOf(admin)).institution).toBe('Ours');
  await lumen.saves(themed({ theme: 'kestrel-bay' }));
  await expect.poll(async () => (await themeOf(admin)).name, SOON).toBe('kestrel-bay');
  await expect.poll(() => warnings(admin), SOON).toEqual([]);
});

test('a changed theme is told to open windows; a bad one keeps the last good one and says why', async () => {
  const lumen = await testApp({ config: themed({ theme: 'ours' }) });
  const admin = await lumen.person('dev@example.com');
  await savesTheme(lumen, 'ours', { 'theme.yaml': 'institution: First' });
  await expect.poll(async () => (await themeOf(admin)).institution, SOON).toBe('First');

  const seen: string[] = [];
  admin.socket().subscribe<{ viewerEvents: { site?: { theme: Theme } } }>(
    { query: EVENTS },
    {
      next: ({ data }) => {
        const told = data?.viewerEvents.site?.theme.institution;
        if (told !== undefined) seen.push(told);
      },
      error() {},
      complete() {},
    },
  );
  // Saves again until one is told: from then on nothing is missed.
  let saves = 0;
  await expect
    .poll(
      async () => {
        saves += 1;
        await savesTheme(lumen, 'ours', { 'theme.yaml': `institution: Save ${saves}` });
        return seen.length;
      },
      { ...SOON, interval: 500 },
    )
    .toBeGreaterThan(0);

  await savesTheme(lumen, 'ours', {
    'theme.yaml': 'institution: Bad\ncolors:\n  light: { page: red }\n',
  });
  const complaint =
    /ours\/theme\.yaml:3:\d+: colors\.light\.page: found "red"; .*\(the last good theme stays\)/;
  await expect.poll(async () => (await warnings(admin)).join('\n'), SOON).toMatch(complaint);
  expect((await themeOf(admin)).institution).toMatch(/^Save/);
  expect(lumen.log.map(({ msg }) => msg).join('\n')).toMatch(complaint);

  await savesTheme(lumen, 'ours', { 'theme.yaml': 'institution: Good again' });
  await expect.poll(() => seen.at(-1), SOON).toBe('Good again');
  expect(await warnings(admin)).toEqual([]);
});

test('a theme beside config.yaml wins over the one that Lumen brings under the same name', async () => {
  const lumen = await testApp({ config: themed({}) });
  await savesTheme(lumen, 'default', { 'theme.yaml': 'institution: Our own' });
  await expect.poll(async () => (await themeOfVisitors(lumen)).institution, SOON).toBe('Our own');
});

test('a logo is served as what it is, can do nothing as a page, and has another path when it changes', async () => {
  const lumen = await testApp({ config: themed({ theme: 'ours' }) });
  await savesTheme(lumen, 'ours', { 'logo.txt': SVG, 'theme.yaml': 'logo: logo.txt' });
  const logo = async () => (await themeOfVisitors(lumen)).logo;
  await expect.poll(logo, SOON).toMatch(/^\/themes\/ours\/logo\?v=[0-9a-f]+$/);
  const first = `${lumen.url}${await logo()}`;
  const answer = await fetch(first);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('image/svg+xml');
  expect(answer.headers.get('content-security-policy')).toMatch(
    /default-src 'none'.*; sandbox; frame-ancestors 'none'$/,
  );
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(await answer.text()).toBe(SVG);
  expect((await fetch(`${lumen.url}/themes/ours/logo`)).headers.get('cache-control')).toBe(
    'no-cache',
  );

  await savesTheme(lumen, 'ours', { 'logo.txt': SVG.replace('M0', 'M1') });
  await expect.poll(async () => `${lumen.url}${await logo()}`, SOON).not.toBe(first);
});

test('nothing of a theme but its logo is served', async () => {
  const lumen = await testApp();
  const paths = [
    '/themes/default/logo',
    '/themes/none/logo',
    '/themes/aldermoor/theme.yaml',
    '/themes/aldermoor/logo.svg',
    '/themes/..%2f..%2fetc/logo',
    '/themes/%2e%2e%2fdefault/logo',
    '/themes/',
  ];
  for (const path of paths) {
    const response = await fetch(lumen.url + path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  }
  expect((await fetch(`${lumen.url}/themes/aldermoor/logo`)).status).toBe(200);
});

test('the manifest has the name and the colours of this portal', async () => {
  const lumen = await testApp({
    config: themed({ name: 'Aldermoor AI', tagline: 'For all of us', theme: 'aldermoor' }),
  });
  const response = await fetch(`${lumen.url}/manifest.webmanifest`);
  expect(response.headers.get('content-type')).toMatch(/^application\/manifest\+json/);
  const manifest = (await response.json()) as { icons: { src: string; sizes: string }[] };
  expect(manifest).toMatchObject({
    name: 'Aldermoor AI',
    short_name: 'Aldermoor AI',
    description: 'For all of us',
    start_url: '/',
    display: 'standalone',
    theme_color: '#fbfcf8',
    background_color: '#fbfcf8',
  });
  const sizes = manifest.icons.map(({ sizes: size }) => size);
  expect(sizes).toEqual(expect.arrayContaining(['192x192', '512x512']));
});
