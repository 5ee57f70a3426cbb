import { makeZip } from 'client-zip';
import { type Context, signedIn } from '../context.ts';
import { personalData } from './personal-data.ts';
import { bytesOf, personalFiles } from './personal-files.ts';

/**
 * The document of the actor, `data.json`, and the files that it names, as a ZIP archive. It is made as it is read: of
 * the document one piece and of the files one is in memory at a time. Nothing is compressed, as most files are already.
 *
 * @throws Failure UNAUTHENTICATED while it is read
 */
export const personalArchive = (ctx: Context): ReadableStream<Uint8Array> => makeZip(entries(ctx));

async function* entries(ctx: Context) {
  const { accountId } = signedIn(ctx);
  // Read once, so that the document names each file as the archive does.
  const files = await personalFiles(ctx, accountId);
  yield { name: 'data.json', input: personalData(ctx, files) };
  for (const file of files) {
    const bytes = await bytesOf(ctx, file);
    if (bytes) yield { name: file.file, input: bytes, lastModified: file.createdAt };
  }
}
