// What a page costs, by clocks and counters that no other program of the machine moves.
import type { CDPSession, Page } from 'playwright-core';

/** What came through the page's sockets. */
export interface Heard {
  readonly frames: number;
  readonly bytes: number;
}

export class PageMeter {
  readonly #session: CDPSession;
  #frames = 0;
  #bytes = 0;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async open(page: Page): Promise<PageMeter> {
    const meter = new PageMeter(await page.context().newCDPSession(page));
    await meter.#session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await meter.#session.send('Network.enable');
    meter.#session.on('Network.webSocketFrameReceived', ({ response }) => {
      meter.#frames += 1;
      meter.#bytes += Buffer.byteLength(response.payloadData);
    });
    return meter;
  }

  get heard(): Heard {
    return { frames: this.#frames, bytes: this.#bytes };
  }

  /** What the page has computed since it was loaded, in ms of its own processor time. */
  workMs(): Promise<number> {
    return this.#metric('TaskDuration', 1_000);
  }

  /** What of that were its scripts, its styles and its layout: without painting, and without who looks at it from outside. */
  async drawMs(): Promise<number> {
    const parts = ['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'];
    const each = await Promise.all(parts.map((part) => this.#metric(part, 1_000)));
    return each.reduce((sum, ms) => sum + ms, 0);
  }

  /** Nodes of the document, and those that are not in it any more but not yet forgotten. */
  nodes(): Promise<number> {
    return this.#metric('Nodes');
  }

  async #metric(wanted: string, times = 1): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN) * times;
  }
}
