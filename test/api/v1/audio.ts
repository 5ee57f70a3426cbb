// What the tests of /v1/audio share: models with both kinds of price, recordings, and what was paid.
import { toFile } from 'openai';
import { startApp, type TestApp } from '../../support/app.ts';
import type { FakeModel } from '../../support/fake-model.ts';
import { keyOf } from './client.ts';

/** A token read costs 0.001 coins, one written 0.002, and so does a second of audio 0.001. */
export const startAudioApp = (): Promise<TestApp> => startApp({ config: configFor });

function configFor({ url }: FakeModel): Record<string, unknown> {
  const model = (name: string, more: object = {}) => ({
    name,
    input_cost_per_million: 1000,
    output_cost_per_million: 2000,
    endpoints: [{ url, api_key: 'upstream-secret', model: 'fake-1' }],
    ...more,
  });
  const endpoints = [
    { url, model: 'fake-1' },
    { url, api_key: 'other', model: 'fake-1' },
  ];
  return {
    models: [
      model('by-the-hour', { audio_cost_per_hour: 3.6 }),
      model('by-the-token'),
      model('twice', { audio_cost_per_hour: 3.6, endpoints }),
    ],
  };
}

/** What was paid for a request; without an id, for the latest one. */
export async function billOf(app: TestApp, requestId?: string | null): Promise<unknown> {
  const columns = 'outcome, input_tokens, output_tokens, audio_seconds, is_estimated, cost';
  const statement = `select ${columns} from request_log where id = $1 or $1 is null order by at desc limit 1`;
  return (await app.rows(statement, requestId ?? null))[0];
}

export const recording = (bytes: Uint8Array | string = 'sound') =>
  toFile(Buffer.from(bytes), 'talk.mp3');

/** A WAV file in which so many bytes make a second. */
export function wav(bytesPerSecond: number, seconds: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(bytesPerSecond, 28);
  return Buffer.concat([head, Buffer.alloc(bytesPerSecond * seconds - 44)]);
}

/** A form by hand, as no SDK would send it. */
export async function sendsForm(
  app: TestApp,
  fields: Readonly<Record<string, string | Blob>>,
  more: RequestInit = {},
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const authorization = `Bearer ${await keyOf(app)}`;
  return fetch(`${app.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization },
    body: form,
    ...more,
  });
}
