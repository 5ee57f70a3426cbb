import pg from 'pg';

const SILENCE_MS = 5_000;

/**
 * Does the work unless another process is at it; the number names the work among the advisory locks of the database.
 * The lock has a connection of its own, which lets go of it whatever happens: out of the pool, as many locks as the
 * pool has connections would leave none for the work that they are for.
 */
export async function alone(url: string, lock: number, work: () => Promise<void>): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'lumen job',
    keepAlive: true,
    connectionTimeoutMillis: SILENCE_MS,
    query_timeout: SILENCE_MS,
  });
  // The work meets a lost database itself.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('select pg_try_advisory_lock($1) as mine', [lock]);
    if (rows[0]?.mine) await work();
  } finally {
    // Not waited for: a database that has fallen silent would hold up the end of the process.
    void client.end().catch(() => undefined);
  }
}
