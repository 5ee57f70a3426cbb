import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Env } from '../config/interpolate.ts';
import type { ModelClient } from '../upstream/model-client.ts';

/** Where spans go. Without it nothing of OpenTelemetry is loaded and no request does anything for it. */
export interface Tracing {
  /** The same client, with a span for each attempt at a model server. */
  client(inner: ModelClient): ModelClient;
  /** Does the work, which gives the request's id, within the span of the request, which ends with its answer. */
  request(
    request: IncomingMessage,
    response: ServerResponse,
    route: string,
    work: () => string,
  ): void;
  /** Resolves when what was recorded is sent, or can't be. */
  close(): Promise<void>;
}

/** Null unless the environment says where to send traces, by the names that OpenTelemetry gives. */
export async function openTracing(env: Env): Promise<Tracing | null> {
  const whole = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const origin = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!whole && !origin) return null;
  const { Tracer } = await import('./tracer.ts');
  return new Tracer(whole || `${origin?.replace(/\/+$/, '')}/v1/traces`, env.OTEL_SERVICE_NAME);
}
