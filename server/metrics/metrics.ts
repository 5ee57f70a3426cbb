/** What this process counts for Prometheus: each replica counts for itself, and Prometheus adds them up. */
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Config } from '../config/config.ts';
import type { PoolState } from '../db/orm.ts';
import type { FailureCode } from '../kernel/failure.ts';
import type { RequestRecord } from '../usage/request-record.ts';
import { Gauges } from './gauges.ts';

declare module '../context.ts' {
  interface Parts {
    readonly metrics: Metrics;
  }
}

/** One answer to an HTTP request; every member but the time is one of few words. */
export interface Answered {
  readonly method: string;
  /** `/v1/models/{model}`: never the address itself, of which there is no end. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** How an operation of GraphQL went. */
export interface Operated {
  /** Null for what is no document, or was refused before it was read. */
  readonly kind: 'query' | 'mutation' | 'subscription' | null;
  /** Of its first error; null when there is none. */
  readonly code: FailureCode | null;
}

const MICRO_COINS = 1e6;
const ANSWER_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const FIRST_TOKEN_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120];
const TOKENS_PER_SECOND = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
const HTTP_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
];

export class Metrics {
  readonly gauges: Gauges;
  readonly #registry = new Registry();
  readonly #model = modelMetrics(this.#registry);
  readonly #http = httpMetrics(this.#registry);
  readonly #endpointErrors = new Counter({
    name: 'lumen_endpoint_errors_total',
    help: 'Attempts at a model server that failed, by what went wrong.',
    labelNames: ['endpoint_url', 'error'],
    registers: [this.#registry],
  });
  readonly #operations = new Counter({
    name: 'lumen_graphql_operations_total',
    help: 'Operations of GraphQL that were answered, begun (subscriptions) or refused; code is OK or that of the first error.',
    labelNames: ['operation', 'code'],
    registers: [this.#registry],
  });
  readonly #config: () => Config;
  #knowsProcess = false;

  constructor(pool: PoolState, config: () => Config) {
    this.gauges = new Gauges(this.#registry, pool);
    this.#config = config;
  }

  /** Nothing is counted while nobody may read it. */
  get isOn(): boolean {
    return this.#config().api.metricsToken !== null;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything counted so far, in Prometheus' text format. Measure the gauges first. */
  text(): Promise<string> {
    // Node's own metrics take timers and observers, which only a process that is asked for them should have.
    if (!this.#knowsProcess) collectDefaultMetrics({ register: this.#registry });
    this.#knowsProcess = true;
    return this.#registry.metrics();
  }

  /** A request that was settled, whichever door it came through. */
  settled({ model, source, outcome, failureCode, usage, cost, ...times }: RequestRecord): void {
    if (!this.isOn) return;
    const labels = { model, source };
    const metrics = this.#model;
    metrics.requests.inc(labels);
    metrics.inputTokens.inc(labels, usage.inputTokens);
    metrics.outputTokens.inc(labels, usage.outputTokens);
    metrics.cost.inc(labels, Number(cost) / MICRO_COINS);
    metrics.outcomes.inc({ ...labels, outcome });
    if (failureCode !== null) metrics.errors.inc({ ...labels, code: failureCode });
    const { firstTokenMs, durationMs } = times;
    metrics.duration.observe(labels, durationMs / 1000);
    if (firstTokenMs === null) return;
    metrics.firstToken.observe(labels, firstTokenMs / 1000);
    const writingSeconds = (durationMs - firstTokenMs) / 1000;
    if (writingSeconds > 0)
      metrics.tokensPerSecond.observe(labels, usage.outputTokens / writingSeconds);
  }

  endpointFailed(url: string, error: string): void {
    if (this.isOn) this.#endpointErrors.inc({ endpoint_url: url, error });
  }

  operated({ kind, code }: Operated): void {
    if (this.isOn) this.#operations.inc({ operation: kind ?? 'unknown', code: code ?? 'OK' });
  }

  answered({ method, route, status, seconds }: Answered): void {
    if (!this.isOn) return;
    this.#http.requests.inc({ method, path_template: route, status });
    this.#http.seconds.observe({ method, path_template: route }, seconds);
  }
}

function modelMetrics(registry: Registry) {
  const labelNames = ['model', 'source'] as const;
  const registers = [registry];
  const counter = (name: string, help: string) =>
    new Counter({ name: `lumen_model_${name}_total`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `lumen_model_${name}`, help, labelNames, buckets, registers });
  return {
    requests: counter('requests', 'Requests to a model that were admitted and have ended.'),
    inputTokens: counter('input_tokens', 'Tokens that a model read.'),
    outputTokens: counter('output_tokens', 'Tokens that a model wrote.'),
    cost: counter('cost_coins', 'Coins that requests cost.'),
    outcomes: new Counter({
      name: 'lumen_model_outcomes_total',
      help: 'Requests by how they ended; stopped and interrupted are aborts.',
      labelNames: [...labelNames, 'outcome'],
      registers,
    }),
    errors: new Counter({
      name: 'lumen_model_errors_total',
      help: 'Admitted requests that failed, by the code of the failure.',
      labelNames: [...labelNames, 'code'],
      registers,
    }),
    duration: histogram('duration_seconds', 'From admission to the end.', ANSWER_SECONDS),
    firstToken: histogram(
      'first_token_seconds',
      'From admission to the first token of a streamed answer.',
      FIRST_TOKEN_SECONDS,
    ),
    tokensPerSecond: histogram(
      'output_tokens_per_second',
      'Speed of a streamed answer after its first token.',
      TOKENS_PER_SECOND,
    ),
  };
}

function httpMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'lumen_http_requests_total',
      help: 'Answers; status 499 is a client that left before there was one.',
      labelNames: ['method', 'path_template', 'status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'lumen_http_request_duration_seconds',
      help: 'From the head of a request to the last byte of its answer.',
      labelNames: ['method', 'path_template'],
      buckets: HTTP_SECONDS,
      registers,
    }),
  };
}
