// What config.yaml may say of conversations and of the files in them.
import { z } from 'zod';
import { count, flag, listOf, name } from './schema-values.ts';

const UPLOAD_MB_MAX = 100;

const EXTENSIONS =
  'png jpg jpeg gif webp pdf docx txt md csv tsv json jsonl yaml yml xml html css log tex bib rst ini toml cfg conf env ' +
  'py ipynb js jsx ts tsx svelte vue c h cc cpp hpp cs java kt scala go rs rb php pl lua r jl m f90 swift sh bash ps1 bat ' +
  'sql graphql proto diff patch svg srt vtt';

const upload = z
  .strictObject({
    enabled: flag().default(true).describe('Whether files can be uploaded at all.'),
    max_size_mb: count(1, UPLOAD_MB_MAX).default(10).describe('Megabytes that one file may have.'),
    max_text_chars: count(1, 10_000_000)
      .default(100_000)
      .describe(
        'Characters of a document that models read; the rest is cut off, and they are told.',
      ),
    allowed_extensions: listOf(extension())
      .default(EXTENSIONS.split(' '))
      .describe(
        'Kinds of files. What a file is counts, not its name: a PNG needs png, however it is called; a text goes by its name, or as txt without an ending.',
      ),
  })
  .prefault({})
  .describe('Files that people add to their messages: images, PDF, docx, and text of any kind.');

export const chatSchema = z
  .strictObject({
    remove: z
      .enum(['hide', 'delete'])
      .default('hide')
      .describe(
        'What becomes of a removed conversation: hide keeps it unseen, delete destroys it.',
      ),
    message_characters_max: count(1, 10_000_000)
      .default(500_000)
      .describe('Characters that one message may have.'),
    purge_after_days: count(0, 36_500)
      .default(0)
      .describe(
        'Days after which a hidden conversation is destroyed; 0 keeps it. Say 1 where what people delete must be gone by law.',
      ),
    title_model: name()
      .optional()
      .describe(
        'Model that names conversations after their first answer, paid by who asked; without it they keep the first words.',
      ),
    upload,
  })
  .prefault({})
  .describe('Conversations.');

/** With or without its dot. */
function extension() {
  return z
    .string()
    .trim()
    .toLowerCase()
    .transform((text) => text.replace(/^\./, ''))
    .pipe(z.string().regex(/^[a-z0-9_+-]{1,20}$/, 'an ending such as pdf'));
}
