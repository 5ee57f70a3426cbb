/** Whose turn it is among the endpoints of one model. */
import type { EndpointConfig, ModelConfig } from '../config/config.ts';
import type { Endpoint } from './endpoint.ts';
import type { Health } from './health.ts';

/** An endpoint in the rotation of a model: several models may share one. */
export interface Seat {
  readonly config: EndpointConfig;
  readonly endpoint: Endpoint;
  /** What a weighted rotation owes it, in weights; the credits of a rotation sum to 0. */
  credit: number;
}

export class Rotation {
  readonly seats: readonly Seat[];
  readonly #strategy: ModelConfig['rotation'];
  #next = 0;

  constructor(strategy: ModelConfig['rotation'], seats: readonly Seat[]) {
    this.#strategy = strategy;
    this.seats = seats;
  }

  /**
   * The seat that gets the next request: a healthy one, else a suspect one; null when none has room.
   *
   * @param except ids of endpoints that failed this request already
   */
  pick(except: ReadonlySet<string>): Seat | null {
    return this.#among('HEALTHY', except) ?? this.#among('SUSPECT', except);
  }

  #among(health: Health, except: ReadonlySet<string>): Seat | null {
    return this.#strategy === 'weighted'
      ? this.#byWeight(health, except)
      : this.#inTurn(health, except);
  }

  /** From the one after the last: the first, or that with the fewest requests under way. */
  #inTurn(health: Health, except: ReadonlySet<string>): Seat | null {
    const isLeastBusy = this.#strategy === 'least_busy';
    let found: Seat | null = null;
    let place = 0;
    for (let step = 0; step < this.seats.length; step += 1) {
      const at = (this.#next + step) % this.seats.length;
      const seat = this.seats[at];
      if (!seat || !isOpen(seat, health, except)) continue;
      if (found && seat.endpoint.inFlight >= found.endpoint.inFlight) continue;
      found = seat;
      place = at;
      if (!isLeastBusy) break;
    }
    if (found) this.#next = place + 1;
    return found;
  }

  /** Smooth weighted round-robin: a heavy one's turns are spread between those of the others. */
  #byWeight(health: Health, except: ReadonlySet<string>): Seat | null {
    let found: Seat | null = null;
    let total = 0;
    for (const seat of this.seats) {
      if (!isOpen(seat, health, except)) continue;
      const { weight } = seat.config;
      seat.credit += weight;
      total += weight;
      if (!found || seat.credit > found.credit) found = seat;
    }
    if (found) found.credit -= total;
    return found;
  }
}

function isOpen({ config, endpoint }: Seat, health: Health, except: ReadonlySet<string>): boolean {
  return (
    endpoint.health === health &&
    endpoint.withdrawal === null &&
    (config.concurrencyMax === null || endpoint.inFlight < config.concurrencyMax) &&
    !except.has(endpoint.id)
  );
}
