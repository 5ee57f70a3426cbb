import type { JsonObject } from '../gateway/ask.ts';
import { choicesOf } from '../gateway/estimate.ts';
import type { Delta } from '../upstream/delta.ts';
import type { WireError } from './errors.ts';
import { withModelName } from './wire.ts';

/** What of a request its events depend on. */
interface Asked {
  readonly path: string;
  readonly model: string;
  readonly body: JsonObject;
  /** The client asked for the usage event at the end of the stream. */
  readonly wantsUsage: boolean;
}

/** Turns the events of one answer into what its client reads, as text ready to be sent. */
export class EventWriter {
  readonly #asked: Asked;
  /** Choices that have not begun: official SDKs want a role in the first event of each; some model servers leave it out. */
  #unbegun: number;
  readonly #begun = new Set<unknown>();
  #last = '';
  #written = 0;

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#unbegun = asked.path === '/chat/completions' ? choicesOf({ n: asked.body.n }) : 0;
  }

  write(deltas: readonly Delta[]): string {
    let text = '';
    for (const delta of deltas) {
      if (delta.isUsageOnly && !this.#asked.wantsUsage) continue;
      const raw = this.#unbegun > 0 ? this.#withRoles(delta.raw) : delta.raw;
      const event = `data: ${withModelName(raw, delta.upstreamModel, this.#asked.model)}\n\n`;
      if (delta.name === '') text += event;
      else text += this.#named(delta, event);
    }
    return text;
  }

  /** What makes the answer look complete: to be sent once it is settled. */
  end(): string {
    return this.#last || 'data: [DONE]\n\n';
  }

  /** A cut answer must never look complete: an error event, and no end. */
  broken({ error }: Pick<WireError['body'], 'error'>): string {
    if (this.#asked.path !== '/responses') return `data: ${JSON.stringify({ error })}\n\n`;
    const event = { ...error, type: 'error', sequence_number: this.#written, error };
    return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
  }

  /** Where no `[DONE]` follows, the last event is what says that the answer is complete. */
  #named({ name, finishReason }: Delta, event: string): string {
    this.#written += 1;
    const text = `event: ${name}\n${event}`;
    if (finishReason === null && this.#last === '') return text;
    this.#last += text;
    return '';
  }

  #withRoles(raw: string): string {
    if (!raw.includes('"delta"')) return raw;
    if (this.#unbegun > 1 || this.#begun.size > 0) return this.#withRoleForEach(raw);
    this.#unbegun = 0;
    return raw.includes('"role"') ? raw : raw.replace(/"delta"\s*:\s*\{\s*(?=("?))/, roleBefore);
  }

  #withRoleForEach(raw: string): string {
    const event = JSON.parse(raw);
    const beginning = choicesIn(event).filter(({ index }) => !this.#begun.has(index));
    for (const { index } of beginning) this.#begun.add(index);
    this.#unbegun -= beginning.length;
    const roleless = beginning.filter(({ delta }) => !('role' in delta));
    for (const choice of roleless) choice.delta = { role: 'assistant', ...choice.delta };
    return roleless.length > 0 ? JSON.stringify(event) : raw;
  }
}

interface Choice {
  readonly index: unknown;
  delta: object;
}

const choicesIn = ({ choices }: { choices?: unknown }): readonly Choice[] =>
  Array.isArray(choices)
    ? choices.filter((choice) => typeof choice?.delta === 'object' && choice.delta !== null)
    : [];

const roleBefore = (_match: string, quote: string): string =>
  `"delta":{"role":"assistant"${quote === '"' ? ',' : ''}`;
