import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { GroupConfig } from '../config/config.ts';
import { manualGroup } from '../config/normal-form.ts';
import { groupSchema } from '../config/schema-scopes.ts';
import type { Sql } from '../db/orm.ts';
import type { Bus } from '../live/bus.ts';

declare module '../context.ts' {
  interface Parts {
    readonly manualGroups: ManualGroups;
  }
}

/** Bounds how long a change goes unseen whose fact was lost on its way. */
const LOOK_EVERY_MS = 10_000;

/** A row of `manual_group`; `pool` and `access` are in the words of config.yaml. */
export interface ManualGroupRow {
  readonly name: string;
  readonly description: string;
  readonly is_active: boolean;
  readonly pool: object | null;
  readonly access: object;
}

/** The groups made by hand that are in force, as this process knows them. */
export class ManualGroups {
  readonly #sql: Sql;
  readonly #live: Bus;
  readonly #log: Logger;
  readonly #unlisten: () => void;
  readonly #interval: NodeJS.Timeout;
  #groups: ReadonlyMap<string, GroupConfig> = new Map();
  #seen = '[]';
  #loading: Promise<void> = Promise.resolve();

  private constructor(connection: Sql, live: Bus, log: Logger) {
    this.#sql = connection;
    this.#live = live;
    this.#log = log;
    this.#unlisten = live.listen((fact) => {
      if (fact.kind === 'groupsChanged') this.#loadSoon();
    });
    this.#interval = setInterval(() => this.#loadSoon(), LOOK_EVERY_MS).unref();
  }

  static async open(connection: Sql, live: Bus, log: Logger): Promise<ManualGroups> {
    const groups = new ManualGroups(connection, live, log);
    await groups.load();
    return groups;
  }

  /** By name; another map as soon as any of them is another. */
  get groups(): ReadonlyMap<string, GroupConfig> {
    return this.#groups;
  }

  /** Resolves when what is stored now is in force here. One after the other, so that the last one wins. */
  load(): Promise<void> {
    const loading = this.#loading.then(() => this.#read());
    this.#loading = loading.catch(() => undefined);
    return loading;
  }

  async close(): Promise<void> {
    clearInterval(this.#interval);
    this.#unlisten();
    await this.#loading;
  }

  #loadSoon(): void {
    this.load().catch((error) => this.#log.warn({ err: error }, 'groups could not be read anew'));
  }

  async #read(): Promise<void> {
    const { rows } = await sql<ManualGroupRow>`
      select name, description, is_active, pool, access from manual_group order by name`.execute(
      this.#sql,
    );
    const seen = JSON.stringify(rows);
    if (seen === this.#seen) return;
    this.#seen = seen;
    const active = rows.filter((row) => row.is_active).map(groupOf);
    this.#groups = new Map(active.map((group) => [group.name, group]));
    this.#live.publishHere({ kind: 'modelsChanged' });
  }
}

export const groupOf = ({ name, description, pool, access }: ManualGroupRow): GroupConfig =>
  manualGroup(name, groupSchema.parse({ ...pool, description, model_access: access }));
