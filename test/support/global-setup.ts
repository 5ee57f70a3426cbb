// Starts what the tests of one run share: one PostgreSQL with a migrated template, and one Redis.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../server/db/embedded.ts';
import { migrate } from '../../server/db/migrate.ts';
import { findOnPath } from './programs.ts';
import { runSql, withDatabase } from './services.ts';

type Stop = () => Promise<void>;

/** Vitest calls this once for each project that has tests to run; the first call serves them all. */
export async function setup(project: TestProject): Promise<void> {
  const run = project.vitest.getRootProject();
  if (run.getProvidedContext().services) return;

  const stops: Stop[] = [];
  project.vitest.onClose(async () => {
    for (const stop of stops.reverse()) await stop();
  });
  const postgresUrl = process.env.DATABASE_URL ?? (await startPostgres(stops));
  const template = `lumen_test_${randomBytes(4).toString('hex')}`;
  await runSql(postgresUrl, `CREATE DATABASE ${template}`);
  stops.push(() => dropDatabases(postgresUrl, template));
  await migrate(withDatabase(postgresUrl, template));
  const redisUrl = process.env.REDIS_URL ?? (await startRedis(stops));
  run.provide('services', { postgresUrl, template, redisUrl });
}

async function temporaryFolder(stops: Stop[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lumen-run-'));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function startPostgres(stops: Stop[]): Promise<string> {
  const folder = await temporaryFolder(stops);
  const postgres = await startEmbedded(join(folder, 'data'), pino({ level: 'warn' }));
  stops.push(() => postgres.stop());
  return postgres.url;
}

async function dropDatabases(postgresUrl: string, template: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
    [template],
  );
  for (const { name } of rows) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await client.end();
}

async function startRedis(stops: Stop[]): Promise<string | undefined> {
  const program = findOnPath('redis-server');
  if (!program) {
    console.log('No redis-server on this machine: tests of several replicas are skipped.');
    console.log('To run them: apt-get install redis-server, or set REDIS_URL.');
    return undefined;
  }
  const port = await freePort();
  const folder = await temporaryFolder(stops);
  const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const redis = spawn(program, ['--port', String(port), ...settings], { stdio: 'ignore' });
  stops.push(async () => {
    if (redis.exitCode !== null) return;
    redis.kill();
    await once(redis, 'exit');
  });
  const url = `redis://127.0.0.1:${port}`;
  await answers(url);
  return url;
}

// Redis can't choose a port itself, so there is a moment in which another program could take it.
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

async function answers(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: 500 });
  // Refused connections are expected until Redis listens; the ping below fails if that never comes.
  client.on('error', () => {});
  await client.ping();
  client.disconnect();
}
