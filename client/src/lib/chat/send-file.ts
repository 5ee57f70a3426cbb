import type { UploadedFileFragment } from '#lib/graphql/generated.ts';
import { wordsOf } from '#lib/graphql/refusal.ts';

export type SentFile =
  | { readonly file: UploadedFileFragment; readonly message?: undefined }
  | {
      readonly file?: undefined;
      readonly message: string;
      /** Whether it makes sense to send it once more as it is. */
      readonly canRetry: boolean;
    };

const lost = () => ({ message: 'The server can’t be reached. Try again.', canRetry: true });

/**
 * Uploads a file, and tells how much of it has left, from 0 to 1; never rejects. By XMLHttpRequest, since `fetch` tells
 * nothing on the way.
 */
export function sendFile(
  file: File,
  { signal, onprogress }: { signal: AbortSignal; onprogress: (share: number) => void },
): Promise<SentFile> {
  const request = new XMLHttpRequest();
  request.open('POST', `/uploads?name=${encodeURIComponent(file.name)}`);
  request.responseType = 'json';
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.upload.onprogress = ({ loaded, total }) => onprogress(total > 0 ? loaded / total : 1);
  signal.addEventListener('abort', () => request.abort());
  return new Promise((resolve) => {
    request.onload = () => resolve(outcomeOf(request));
    request.onerror = () => resolve(lost());
    request.onabort = () => resolve(lost());
    request.send(file);
  });
}

function outcomeOf({ status, response }: XMLHttpRequest): SentFile {
  if (status === 201) return { file: { __typename: /* @wc-ignore */ 'Upload', ...response } };
  const refusal = response?.errors?.[0];
  if (!refusal) return lost();
  const message = wordsOf({ ...refusal.extensions, message: refusal.message });
  return { message, canRetry: status === 408 || status === 429 || status >= 500 };
}
