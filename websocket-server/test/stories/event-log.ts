import type { CallEvent } from '../../src/call/call-event.ts';
import type { CallControl } from '../../src/control/call-control.ts';

/** Everything that became durable of all calls, as a watcher is told it. */
export class EventLog {
  readonly events: CallEvent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly stop: () => void;

  constructor(control: CallControl) {
    this.stop = control.watch(
      {},
      {
        event: (event) => {
          this.events.push(event);
          for (const look of this.#waiting) look();
        },
        hint() {},
        caughtUp() {},
        isSlow: () => false,
        onDropped() {},
      },
    );
  }

  of(callId: string): CallEvent[] {
    return this.events.filter((event) => event.callId === callId);
  }

  /**
   * Waits until a look at the events finds something; what is there already counts.
   *
   * @param what completes "waited 30000 ms for …"
   * @param describe what there is instead
   */
  until<T>(look: () => T | undefined, what: string, withinMs: number, describe: () => string): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`waited ${withinMs} ms for ${what}; ${describe()}`));
      }, withinMs);
      this.#waiting.add(check);
      check();
    });
  }
}
