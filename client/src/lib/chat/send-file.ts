import type { UploadedFileFragment } from '#lib/graphql/generated.ts';

export type SentFile =
  | { readonly file: UploadedFileFragment; readonly message?: undefined }
  | {
      readonly file?: undefined;
      readonly message: string;
      /** Whether it makes sense to send it once more as it is. */
      readonly canRetry: boolean;
    };

const LOST = { message: 'The server can’t be reached. Try again.', canRetry: true };

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
    request.onerror = () => resolve(LOST);
    request.onabort = () => resolve(LOST);
    request.send(file);
  });
}

function outcomeOf({ status, response }: XMLHttpRequest): SentFile {
  if (status === 201) return { file: { __typename: 'Upload', ...response } };
  const message = response?.errors?.[0]?.message;
  return message ? { message, canRetry: status === 429 || status >= 500 } : LOST;
}
