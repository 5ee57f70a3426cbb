import type { Health } from './health.ts';

export interface HealthChange {
  readonly at: Date;
  readonly health: Health;
  /** What went wrong; null when it became healthy. */
  readonly why: string | null;
}

const KEPT_MS = 86_400_000;
/** An endpoint that comes and goes all day must not fill the memory. */
const CHANGES_MAX = 200;

/** How the health of an endpoint changed within the last 24 hours, as this process saw it. */
export class HealthHistory {
  #changes: HealthChange[] = [];

  add(health: Health, why: string | null): void {
    this.#changes = [...this.recent.slice(1 - CHANGES_MAX), { at: new Date(), health, why }];
  }

  /** The oldest first. */
  get recent(): readonly HealthChange[] {
    const since = Date.now() - KEPT_MS;
    return this.#changes.filter(({ at }) => at.getTime() > since);
  }
}
