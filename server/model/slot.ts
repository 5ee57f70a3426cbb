import type { EndpointConfig } from '../config/config.ts';
import type { Endpoint } from './endpoint.ts';
import { isEndpointsFault } from './endpoint-error.ts';

/** One request's place at an endpoint, from its pick to the end of its answer; the first end counts, others are none. */
export class Slot {
  readonly endpoint: EndpointConfig;
  readonly #held: Endpoint;
  #hasBegun = false;
  #hasEnded = false;

  constructor(endpoint: EndpointConfig, held: Endpoint) {
    this.endpoint = endpoint;
    this.#held = held;
    held.inFlight += 1;
  }

  /** The answer has begun: what fails from now on is told apart, and not tried elsewhere. */
  begun(): void {
    this.#hasBegun = true;
  }

  finished(): void {
    if (this.#ends()) this.#held.succeeded();
  }

  /** @param error counts against the endpoint when it is the endpoint's fault */
  failed(error: unknown): void {
    if (!this.#ends() || !isEndpointsFault(error)) return;
    if (this.#hasBegun) this.#held.brokeOff(error);
    else this.#held.failed(error);
  }

  /** The request ended for a reason that says nothing of the endpoint. */
  leave(): void {
    this.#ends();
  }

  #ends(): boolean {
    if (this.#hasEnded) return false;
    this.#hasEnded = true;
    this.#held.inFlight -= 1;
    return true;
  }
}
