import type { Call, EndState } from '../../src/call/call.ts';
import type { CallEvent, CallHappening } from '../../src/call/call-event.ts';
import { endReason } from '../../src/call/end-reason.ts';
import { foldCall } from '../../src/call/fold-call.ts';
import type { CallStore, StoredEvent } from '../../src/storage/call-store.ts';

/** One call told to a store, event by event, as the writer of calls tells it: numbered, timed and folded. */
export class CallStory {
  readonly callId: string;
  readonly events: CallEvent[] = [];
  #call: Call | undefined;
  #at: number;

  /** @param startedAt ms since 1970 */
  constructor(callId: string, startedAt: number) {
    this.callId = callId;
    this.#at = startedAt;
  }

  get call(): Call {
    if (this.#call === undefined) throw new Error(`nothing has happened to ${this.callId}`);
    return this.#call;
  }

  /** The next events, ready to append; the story goes on from them. */
  next(...happenings: readonly CallHappening[]): readonly CallEvent[] {
    return happenings.map((happening) => {
      this.#at += 1;
      const place = { callId: this.callId, sequence: this.events.length + 1, at: this.#at };
      const event = Object.assign(place, happening);
      this.events.push(event);
      this.#call = foldCall(this.#call, event);
      return event;
    });
  }

  tell(store: CallStore, ...happenings: readonly CallHappening[]): Promise<readonly StoredEvent[]> {
    const events = this.next(...happenings);
    return store.append(events, [this.call]);
  }
}

export function requested(
  more: Partial<Extract<CallHappening, { type: 'call-requested' }>> = {},
): CallHappening {
  return {
    type: 'call-requested',
    to: '+14155550100',
    from: '+14155550199',
    errand: {
      goal: 'Book a table for two at seven',
      context: {},
      instructions: null,
      voicemail: { action: 'hang_up' },
      voice: null,
      language: null,
      resultSchema: null,
    },
    maxDurationSeconds: 180,
    ringTimeoutSeconds: 30,
    idempotencyKey: null,
    ...more,
  };
}

export function arrived(more: Partial<Extract<CallHappening, { type: 'call-arrived' }>> = {}): CallHappening {
  const { errand } = requested() as Extract<CallHappening, { type: 'call-requested' }>;
  return {
    type: 'call-arrived',
    to: '+14155550199',
    from: '+14155550100',
    errand,
    maxDurationSeconds: 600,
    carrier: 'twilio',
    carrierCallId: 'CA-arrived',
    ...more,
  };
}

export function said(turnId: string, text: string): CallHappening {
  return { type: 'turn-ended', turnId, text, isInterrupted: false };
}

export function ended(state: EndState, endedAt: number): CallHappening {
  return { type: 'call-ended', state, endReason: endReason('agent', 'said_goodbye'), endedAt };
}
