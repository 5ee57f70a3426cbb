import type { Context } from '../context.ts';
import { followPolicies } from './follow-policies.ts';

/** Lets pools refill by other terms as soon as the configuration, a group or an account says so. */
export class PolicyFollower {
  readonly #context: () => Context;
  readonly #unlisten: () => void;
  /** Null stands for all accounts. */
  readonly #changed = new Set<string | null>();
  #seen: Context['config'];
  #following: Promise<void> | null = null;

  constructor(context: () => Context) {
    this.#context = context;
    const { live, config } = context();
    this.#seen = config;
    this.#unlisten = live.listen((fact) => {
      if (fact.kind === 'accessChanged') this.#follow(fact.account);
      if (fact.kind === 'modelsChanged') this.#followConfig();
    });
  }

  async close(): Promise<void> {
    this.#unlisten();
    await this.#following;
  }

  /** Told by another process, it may be that only that one has read its file anew: it has followed by itself. */
  #followConfig(): void {
    const { config } = this.#context();
    if (config === this.#seen) return;
    this.#seen = config;
    this.#follow(null);
  }

  #follow(accountId: string | null): void {
    this.#changed.add(accountId);
    this.#following ??= this.#run().finally(() => {
      this.#following = null;
    });
  }

  async #run(): Promise<void> {
    while (this.#changed.size > 0) {
      const changed = [...this.#changed];
      this.#changed.clear();
      const ids = changed.filter((id) => id !== null);
      const ctx = this.#context();
      await followPolicies(ctx, ids.length < changed.length ? undefined : ids).catch((error) =>
        ctx.log.warn({ err: error }, 'pools will follow a change later, by the job'),
      );
    }
  }
}
