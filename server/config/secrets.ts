import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { newToken } from '../kernel/secret.ts';

export interface GeneratedSecrets {
  readonly session: string;
  readonly apiKeys: string;
}

const secretsSchema = z.object({ session: z.string().min(32), apiKeys: z.string().min(32) });

/** The secrets of a developer's machine: made once, kept in the data folder for its owner only. */
export async function keptSecrets(dataDir: string): Promise<GeneratedSecrets> {
  const file = join(dataDir, 'secrets.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text !== null) return parsed(text, file);
  const secrets = { session: newToken(), apiKeys: newToken() };
  await mkdir(dataDir, { recursive: true });
  // Written aside and renamed, so that a kill half-way leaves no half file.
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
  return secrets;
}

function parsed(text: string, file: string): GeneratedSecrets {
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch {
    // The cause is left out: it would quote the secrets into the log.
    throw new Error(`${file} is damaged; remove it and new secrets are made.`);
  }
}
