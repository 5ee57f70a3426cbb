import type { Person } from '../../support/actors.ts';

export interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly isCut: boolean;
  readonly url: string;
}

export interface UploadAnswer {
  readonly status: number;
  readonly upload: Uploaded | null;
  readonly code: string | undefined;
  readonly reason: string | undefined;
  readonly message: string;
}

/** Sends a file as the page does, and gives whatever the server says to it. */
export async function tryUpload(
  person: Pick<Person, 'url' | 'headers'>,
  bytes: Buffer | string,
  name = 'file.txt',
  headers: Readonly<Record<string, string>> = {},
): Promise<UploadAnswer> {
  const response = await fetch(`${person.url}/uploads?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', ...person.headers, ...headers },
    body: Buffer.from(bytes),
  });
  const answer = (await response.json()) as Uploaded & {
    errors?: { message: string; extensions: { code: string; reason?: string } }[];
  };
  const [error] = answer.errors ?? [];
  return {
    status: response.status,
    upload: response.ok ? answer : null,
    code: error?.extensions.code,
    reason: error?.extensions.reason,
    message: error?.message ?? '',
  };
}

/** Sends a file that must be taken. */
export async function uploads(
  person: Person,
  bytes: Buffer | string,
  name?: string,
): Promise<Uploaded> {
  const { upload, message } = await tryUpload(person, bytes, name);
  if (!upload) throw new Error(message);
  return upload;
}

/** Says something with these files; gives the ids of what was stored. */
export async function saysWith(
  person: Person,
  content: string,
  files: readonly Pick<Uploaded, 'id'>[],
  more: { conversationId?: string; model?: string } = {},
) {
  const uploadIds = files.map(({ id }) => id);
  const { sendMessage } = await person.asks<{
    sendMessage: {
      conversation: { id: string; title: string };
      userMessage: { id: string; uploads: Uploaded[] };
      assistantMessage: { id: string };
    };
  }>(
    `mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
      conversation { id title } userMessage { id uploads { id name url } } assistantMessage { id }
    } }`,
    { input: { model: 'fake', content, uploadIds, ...more } },
  );
  return sendMessage;
}
