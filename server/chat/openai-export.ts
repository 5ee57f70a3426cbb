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
  const ordered = rootsFirst(nodes);
  const spoken = spokenIn(ordered);
  const said = ordered.flatMap(([id, one]): Said[] => {
    const text = textOf(one);
    if (!text) return [];
    return [
      {
        id,
        parentId: spoken.get(one.parent) ?? null,
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
    activeMessageId: spoken.get(exported.current_node) ?? null,
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

/** By node, each after its parent: itself or, where it says nothing, the nearest before it that does. */
function spokenIn(
  ordered: readonly (readonly [string, Node])[],
): ReadonlyMap<string | null | undefined, string | null> {
  const spoken = new Map<string | null | undefined, string | null>();
  for (const [id, one] of ordered)
    spoken.set(id, textOf(one) ? id : (spoken.get(one.parent) ?? null));
  return spoken;
}

/** Every node after its parent, siblings in the order of the file. Nodes on a circle are on no branch. */
function rootsFirst(nodes: ReadonlyMap<string, Node>): readonly (readonly [string, Node])[] {
  const children = Map.groupBy(nodes, ([, { parent }]) =>
    parent && nodes.has(parent) ? parent : null,
  );
  const ordered = [...(children.get(null) ?? [])];
  for (const [id] of ordered) for (const child of children.get(id) ?? []) ordered.push(child);
  return ordered;
}
