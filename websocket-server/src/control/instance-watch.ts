import type { Call } from '../call/call.ts';
import { inTime } from '../lib/patience.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { ServerInstances } from '../storage/server-instances.ts';

interface InstanceWatchParts {
  readonly instances: ServerInstances;
  readonly runtime: Pick<Runtime, 'clock' | 'log'>;
  /** Ends calls whose server is gone. */
  readonly settle: (left: readonly Call[]) => Promise<void>;
  /** Looks what was ordered at another server. */
  readonly heedOrders: () => Promise<void>;
}

const beatMs = 1000;
/** A server that was not heard of for this long is gone. */
const silentMs = 6000;
const longSilentMs = 60 * 60_000;
/** A database that stalls does not keep the server from stopping. */
const leavingMs = 1000;

/** Keeps servers that share a database from ending each other's calls, and has them heed each other's orders. */
export class InstanceWatch {
  readonly #parts: InstanceWatchParts;
  /** Since when this server has been in touch without a break, by its own monotonic clock. */
  #inTouchSince: number;
  #lastBeatAt: number;
  #stopTimer: () => void = () => {};
  #round: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: InstanceWatchParts) {
    this.#parts = parts;
    this.#inTouchSince = parts.runtime.clock.elapsed();
    this.#lastBeatAt = this.#inTouchSince;
  }

  /** Open calls of servers that said that they go, or are long gone, which are this one's from here on. */
  async begin(): Promise<readonly Call[]> {
    const { instances } = this.#parts;
    await instances.beat();
    // After a stall of the database the others may not have come back yet.
    const left = await instances.adopt(longSilentMs);
    if (instances.areShared) this.#beatLater();
    return left;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopTimer();
    const { instances, runtime } = this.#parts;
    const told = this.#round
      .then(() => instances.leave())
      .catch((err: unknown) =>
        runtime.log.warn('other servers could not be told that this one goes', { err }),
      );
    await inTime(told, leavingMs, runtime.clock);
  }

  #beatLater(): void {
    const { clock, log } = this.#parts.runtime;
    if (this.#isStopped) return;
    this.#stopTimer = clock.after(beatMs, () => {
      this.#round = this.#beat()
        .catch((err: unknown) => log.warn('other servers could not be told that this one is there', { err }))
        .finally(() => this.#beatLater());
    });
  }

  async #beat(): Promise<void> {
    const { instances, runtime, settle, heedOrders } = this.#parts;
    await instances.beat();
    const now = runtime.clock.elapsed();
    // A database that stalls silences all servers alike: whoever was out of touch gives the others time to come back.
    if (now - this.#lastBeatAt > silentMs / 2) this.#inTouchSince = now;
    this.#lastBeatAt = now;
    await heedOrders();
    if (now - this.#inTouchSince < silentMs) return;
    const left = await instances.adopt(silentMs);
    if (left.length > 0) await settle(left);
  }
}
