import type { Clock } from '../../lib/runtime.ts';

export const pingEveryMs = 15_000;
export const pongWithinMs = 10_000;

/**
 * Finds out that a peer is gone although its connection looks open: a network that fails in silence closes
 * nothing. Anything heard from the peer counts as an answer to a ping.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #wasHeard = true;
  #cancelTimer: () => void = () => {};

  constructor(clock: Clock, ping: () => void, dead: () => void) {
    this.#clock = clock;
    this.#ping = ping;
    this.#dead = dead;
    this.#rest();
  }

  heard(): void {
    this.#wasHeard = true;
  }

  stop(): void {
    this.#cancelTimer();
  }

  #rest(): void {
    this.#cancelTimer = this.#clock.after(pingEveryMs, () => {
      this.#wasHeard = false;
      this.#ping();
      this.#cancelTimer = this.#clock.after(pongWithinMs, () => {
        if (this.#wasHeard) this.#rest();
        else this.#dead();
      });
    });
  }
}
