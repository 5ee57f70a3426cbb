/** One request that a fake model server received, and the model's side of its answer. */
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** What a fake model says it counted unless it is told otherwise. */
export const DEFAULT_USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

export class FakeRequest {
  /** The body as JSON; `{}` when it was none. */
  readonly body: Record<string, unknown>;
  readonly text: string;
  /** Resolves when the client closed the connection before the answer's end. */
  readonly closedByClient: Promise<void>;
  /** Such as `POST /v1/chat/completions`. */
  readonly place: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly response: ServerResponse;
  private hasSpoken = false;

  constructor(
    place: string,
    headers: IncomingHttpHeaders,
    bytes: Buffer,
    response: ServerResponse,
  ) {
    this.place = place;
    this.headers = headers;
    this.bytes = bytes;
    this.response = response;
    this.text = bytes.toString('utf8');
    this.body = parsed(this.text);
    this.closedByClient = new Promise((resolve) => {
      response.on('close', () => {
        if (!response.writableFinished) resolve();
      });
    });
  }

  /** The body as a form with files. */
  form(): Promise<FormData> {
    const headers = { 'content-type': String(this.headers['content-type']) };
    return new Response(new Uint8Array(this.bytes), { headers }).formData();
  }

  /** One event with this text as `delta.content`; the first event of an answer carries the role as well. */
  says(text: string): void {
    this.sendsDelta({ content: text });
  }

  reasons(text: string): void {
    this.sendsDelta({ reasoning_content: text });
  }

  sendsDelta(delta: object): void {
    void this.writesDelta(delta);
  }

  /** As `says`, resolving when the operating system has taken the bytes. */
  delivers(text: string): Promise<void> {
    return this.writesDelta({ content: text });
  }

  /** One event of the given fields beside id, object and model. */
  sendsEvent(fields: object): Promise<void> {
    return this.sends(
      `data: ${JSON.stringify({ ...this.base('chat.completion.chunk'), ...fields })}\n\n`,
    );
  }

  /** These bytes in the event stream, exactly. */
  sends(piece: string | Buffer): Promise<void> {
    if (!this.response.headersSent) {
      this.response.writeHead(200, { 'content-type': 'text/event-stream' });
    }
    return new Promise((resolve) => this.response.write(piece, () => resolve()));
  }

  /** The finish reason, the usage unless it is null (10 + 5 tokens unless given), `[DONE]`, and the end. */
  finishes(end: { usage?: unknown; finishReason?: string } = {}): void {
    const { usage = DEFAULT_USAGE, finishReason = 'stop' } = end;
    const choice = { index: 0, delta: {}, finish_reason: finishReason };
    void this.sendsEvent({ choices: [choice] });
    if (usage !== null) void this.sendsEvent({ choices: [], usage });
    void this.sends('data: [DONE]\n\n');
    this.response.end();
  }

  sendsWhole(text: string, reasoning: string, usage: unknown, finishReason = 'stop'): void {
    const thought = reasoning ? { reasoning_content: reasoning } : {};
    const message = { role: 'assistant', content: text, ...thought };
    const choices = [{ index: 0, message, finish_reason: finishReason }];
    const stated = usage === null ? {} : { usage };
    this.response.writeHead(200, { 'content-type': 'application/json' });
    this.response.end(JSON.stringify({ ...this.base('chat.completion'), choices, ...stated }));
  }

  /** Breaks the connection by a TCP reset. */
  resets(): void {
    this.response.socket?.resetAndDestroy();
  }

  private writesDelta(delta: object): Promise<void> {
    const role = this.hasSpoken ? {} : { role: 'assistant' };
    this.hasSpoken = true;
    const choice = { index: 0, delta: { ...role, ...delta }, finish_reason: null };
    return this.sendsEvent({ choices: [choice] });
  }

  private base(object: string) {
    return { id: 'chatcmpl-fake', object, created: 0, model: String(this.body.model ?? 'fake-1') };
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
