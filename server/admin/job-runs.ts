declare module '../context.ts' {
  interface Parts {
    readonly jobRuns: JobRuns;
  }
}

/** How a job of this process went the last time. */
export interface JobRun {
  readonly name: string;
  readonly everySeconds: number;
  /** Null while it runs for the first time. */
  readonly endedAt: Date | null;
  readonly durationMs: number | null;
  /** Another replica had it under way: that one did it. */
  readonly outcome: 'DONE' | 'FAILED' | 'ELSEWHERE' | null;
  readonly nextAt: Date;
}

/** The jobs of this process, since it started. */
export class JobRuns {
  readonly #runs = new Map<string, JobRun>();

  /** @param everyMs counted from when the job begins */
  began(name: string, everyMs: number): void {
    const last = this.#runs.get(name);
    this.#runs.set(name, {
      name,
      everySeconds: everyMs / 1000,
      endedAt: last?.endedAt ?? null,
      durationMs: last?.durationMs ?? null,
      outcome: last?.outcome ?? null,
      nextAt: new Date(Date.now() + everyMs),
    });
  }

  ended(name: string, outcome: JobRun['outcome'], durationMs: number): void {
    const run = this.#runs.get(name);
    if (run) this.#runs.set(name, { ...run, endedAt: new Date(), durationMs, outcome });
  }

  get all(): readonly JobRun[] {
    return [...this.#runs.values()];
  }
}
