/** The `conversations.json` of an export from ChatGPT, read as if Lumen had written it. */
import { z } from 'zod';
import type { ExportedConversation } from './exported-conversation.ts';

const seconds = z.number().min(0).max(10_000_000_000).nullish();

const node = z.object({
  parent: z.string().nullish(),
  message: z
    .object({
      author: z.object({ role: z.string() }),
      create_time: seconds,
      content: z.object({ parts: z.array(z.unknown()).nullish() }),
      metadata: z.object({ model_slug: z.string().max(300).nullish() }).nullish(),
    })
    .nullish(),
});

const conversation = z.object({
  title: z.string().max(10_000).nullish(),
  create_time: seconds,
  update_time: seconds,
  current_node: z.string().nullish(),
  default_model_slug: z.string().max(300).nullish(),
  mapping: z.record(z.string(), node),
});

export const openaiFile = z.array(conversation).min(1).max(500);

type Conversation = z.output<typeof conversation>;
type Node = z.output<typeof node>;
type Said = ExportedConversation['messages'][number];

export function fromOpenai(exported: Conversation): ExportedConversation {
  const created = timeOf(exported.create_time) ?? new Date();
  const nodes = new Map(Object.entries(exported.mapping));
  const model = exported.default_model_slug ?? 'chatgpt';
  const said = rootsFirst(nodes).flatMap((id): Said[] => {
    const one = nodes.get(id);
    const text = one && textOf(one);
    if (!one || !text) return [];
    return [
      {
        id,
        parentId: spokenAncestor(nodes, one.parent),
        role: one.message?.author.role === 'user' ? 'user' : 'assistant',
        model: one.message?.metadata?.model_slug ?? null,
        content: text,
        reasoning: '',
        uploads: [],
        createdAt: (timeOf(one.message?.create_time) ?? created).toISOString(),
      },
    ];
  });
  return {
    title: exported.title ?? '',
    model,
    createdAt: created.toISOString(),
    updatedAt: (timeOf(exported.update_time) ?? created).toISOString(),
    activeMessageId: spokenAncestor(nodes, exported.current_node),
    settings: {},
    messages: said,
  };
}

const timeOf = (value: number | null | undefined): Date | null =>
  value == null ? null : new Date(Math.round(value * 1000));

/** What a person or the model said; images, tools and what steered the model are left out. */
function textOf({ message }: Node): string {
  if (message?.author.role !== 'user' && message?.author.role !== 'assistant') return '';
  const parts = message.content.parts ?? [];
  return parts
    .filter((part) => typeof part === 'string')
    .join('\n\n')
    .trim();
}

/** The message itself or the nearest before it that says something. */
function spokenAncestor(
  nodes: ReadonlyMap<string, Node>,
  from: string | null | undefined,
): string | null {
  const seen = new Set<string>();
  let id = from ?? null;
  while (id !== null && !seen.has(id)) {
    seen.add(id);
    const one = nodes.get(id);
    if (!one) return null;
    if (textOf(one)) return id;
    id = one.parent ?? null;
  }
  return null;
}

/** Every node after its parent, siblings in the order of the file. Nodes on a circle are on no branch. */
function rootsFirst(nodes: ReadonlyMap<string, Node>): readonly string[] {
  const children = Map.groupBy(nodes.keys(), (id) => {
    const parent = nodes.get(id)?.parent;
    return parent && nodes.has(parent) ? parent : null;
  });
  const ordered = [...(children.get(null) ?? [])];
  for (const id of ordered) ordered.push(...(children.get(id) ?? []));
  return ordered;
}
