/** Spans by OpenTelemetry's semantic conventions for HTTP and generative AI; never what anybody wrote. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Attributes,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { EndpointConfig } from '../config/config.ts';
import { Failure } from '../kernel/failure.ts';
import { VERSION } from '../kernel/version.ts';
import type { Answer, Delta, TokenUsage } from '../upstream/delta.ts';
import type { ModelClient } from '../upstream/model-client.ts';
import { endpointError } from './watched-client.ts';

/** A collector that does not answer must not hold up the end of the process. */
const CLOSE_WAIT_MS = 2_000;
const OPERATIONS: Readonly<Record<string, string>> = {
  '/chat/completions': 'chat',
  '/completions': 'text_completion',
  '/embeddings': 'embeddings',
};
const TRACEPARENT = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

export class Tracer {
  readonly #provider: TracerProvider;
  readonly #tracer: OtelTracer;
  /** The span of the request within which something is done, also after the request was answered. */
  readonly #parents = new AsyncLocalStorage<SpanContext>();

  /** @param url where the collector takes traces */
  constructor(url: string, serviceName = 'lumen') {
    const exporter = new OTLPTraceExporter({ url });
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': serviceName,
        'service.version': VERSION,
      }),
      spanProcessors: [new BatchSpanProcessor({ exporter })],
    });
    this.#tracer = this.#provider.getTracer('lumen', VERSION);
  }

  request(
    request: IncomingMessage,
    response: ServerResponse,
    route: string,
    work: () => string,
  ): void {
    const attributes = { 'http.request.method': request.method ?? '', 'http.route': route };
    const caller = callerOf(request.headers.traceparent);
    const span = this.#begin(`${request.method} ${route}`, SpanKind.SERVER, attributes, caller);
    response.once('close', () => {
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    span.setAttribute('lumen.request.id', this.#parents.run(span.spanContext(), work));
  }

  client(inner: ModelClient): ModelClient {
    return {
      ...inner,
      stream: async (...request) => {
        const span = this.#beginCall(request[0], request[1]);
        const startedMs = performance.now();
        const events = await inner.stream(...request).catch((error) => endFailed(span, error));
        return traced(span, events, startedMs);
      },
      call: async (...request) => {
        const span = this.#beginCall(request[0], request[1]);
        const answer = await inner.call(...request).catch((error) => endFailed(span, error));
        noteAnswer(span, answer);
        span.end();
        return answer;
      },
    };
  }

  async close(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, CLOSE_WAIT_MS);
    const shut = this.#provider.shutdown().catch(() => undefined);
    await Promise.race([shut, late.promise]).finally(() => clearTimeout(timer));
  }

  #begin(
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    parent: SpanContext | undefined,
  ): Span {
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    return this.#tracer.startSpan(name, { kind, attributes }, context);
  }

  #beginCall({ url, model }: EndpointConfig, path: string): Span {
    const operation = OPERATIONS[path] ?? path.slice(1);
    const { hostname, port, protocol } = new URL(url);
    const attributes = {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    };
    const parent = this.#parents.getStore();
    return this.#begin(`${operation} ${model}`, SpanKind.CLIENT, attributes, parent);
  }
}

/** The span of whoever asks, as W3C's Trace Context writes it. */
function callerOf(header: string | string[] | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(String(header ?? '')) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

async function* traced(
  span: Span,
  events: AsyncIterable<readonly Delta[]>,
  startedMs: number,
): AsyncGenerator<readonly Delta[], void> {
  let isFirst = true;
  try {
    for await (const deltas of events) {
      if (isFirst) {
        const seconds = (performance.now() - startedMs) / 1000;
        span.setAttribute('gen_ai.response.time_to_first_chunk', seconds);
        isFirst = false;
      }
      for (const delta of deltas) noteDelta(span, delta);
      yield deltas;
    }
  } catch (error) {
    noteFailure(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function noteDelta(span: Span, { usage, finishReason, upstreamModel }: Delta): void {
  if (upstreamModel !== null) span.setAttribute('gen_ai.response.model', upstreamModel);
  if (finishReason !== null) span.setAttribute('gen_ai.response.finish_reasons', [finishReason]);
  if (usage) noteUsage(span, usage);
}

function noteAnswer(span: Span, { usage, upstreamModel }: Answer): void {
  if (upstreamModel !== null) span.setAttribute('gen_ai.response.model', upstreamModel);
  if (usage) noteUsage(span, usage);
}

function noteUsage(span: Span, usage: TokenUsage): void {
  span.setAttributes({
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
    'gen_ai.usage.reasoning.output_tokens': usage.reasoningTokens,
  });
}

/** Only the class of what went wrong: messages may quote what somebody wrote. */
function noteFailure(span: Span, error: unknown): void {
  const kind = endpointError(error) ?? (error instanceof Failure ? error.code : null);
  span.setAttribute('error.type', kind ?? (error instanceof Error ? error.name : '_OTHER'));
  if (kind !== null) span.setStatus({ code: SpanStatusCode.ERROR });
}

function endFailed(span: Span, error: unknown): never {
  noteFailure(span, error);
  span.end();
  throw error;
}
