/** The form of Lumen's own export, as it is written and read. */
import { z } from 'zod';

/** Says what a file is, and which version of it. */
export const FORM = 'lumen-conversations-1';

const text = z.string().max(10_000_000);
const time = z.iso.datetime({ offset: true });
const name = z.string().max(300);

const upload = z.object({ name, mediaType: name, size: z.int().min(0) });

const message = z.object({
  id: name,
  parentId: name.nullable().default(null),
  role: z.enum(['user', 'assistant']),
  model: name.nullable().default(null),
  content: text,
  reasoning: text.default(''),
  createdAt: time,
  /** Named only: the files themselves stay behind. */
  uploads: z.array(upload).max(100).default([]),
});

const conversation = z.object({
  title: z.string().max(10_000),
  model: name,
  createdAt: time,
  updatedAt: time,
  activeMessageId: name.nullable().default(null),
  settings: z.record(z.string(), z.unknown()).default({}),
  messages: z.array(message).max(10_000),
});

export const exportedFile = z.object({
  form: z.literal(FORM),
  conversations: z.array(conversation).max(1_000),
});

export type ExportedConversation = z.output<typeof conversation>;
