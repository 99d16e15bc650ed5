import { isEnded } from '../call/call.ts';
import type { Call } from '../call/call.ts';
import { endReason } from '../call/end-reason.ts';
import { inTime } from '../lib/patience.ts';
import type { Clock } from '../lib/runtime.ts';
import type { ServerInstances } from '../storage/server-instances.ts';
import type { CallFeed } from './call-feed.ts';
import type { OpenCalls } from './open-calls.ts';
import type { Placing } from './placing.ts';

interface CancelingParts {
  readonly placing: Pick<Placing, 'settled' | 'cancel'>;
  readonly feed: Pick<CallFeed, 'read'>;
  readonly open: Pick<OpenCalls, 'get'>;
  readonly instances: Pick<ServerInstances, 'askToEnd' | 'askedToEnd'>;
  readonly clock: Clock;
}

/** How long an answer waits for the carrier: most hang up within it, and the answer then tells the end. */
const patienceMs = 1000;

/** Ends calls for their owner, wherever they go on. */
export class Canceling {
  readonly #parts: CancelingParts;

  constructor(parts: CancelingParts) {
    this.#parts = parts;
  }

  /** See `CallControl.cancel`. */
  async cancel(callId: string): Promise<{ readonly call: Call; readonly wasOpen: boolean }> {
    const { placing, feed, open, instances } = this.#parts;
    await placing.settled(callId);
    const { call } = await feed.read(callId);
    if (isEnded(call)) return { call, wasOpen: false };
    let wasOpen = true;
    if (open.get(callId) !== undefined) await inTime(this.#hangUp(callId), patienceMs, this.#parts.clock);
    else if (waitsForItsTime(call)) await placing.cancel(callId);
    else wasOpen = await instances.askToEnd(callId);
    return { call: (await feed.read(callId)).call, wasOpen };
  }

  /** Ends the calls held here whose owner has canceled them at another server. */
  async heedOthers(): Promise<void> {
    for (const callId of await this.#parts.instances.askedToEnd()) void this.#hangUp(callId);
  }

  /** Whether the owner of a call that nobody holds has canceled it. */
  async isCanceled(callId: string): Promise<boolean> {
    return (await this.#parts.instances.askedToEnd()).includes(callId);
  }

  async #hangUp(callId: string): Promise<void> {
    await this.#parts.open.get(callId)?.ending.hangUp(endReason('owner', 'canceled'));
  }
}

/** Nobody holds it. */
export function waitsForItsTime({ state, scheduledAt }: Call): boolean {
  return state === 'queued' && scheduledAt !== null;
}
