import { SequenceCheck } from './sequence-check.ts';
import type { Stamp } from './stamped-audio.ts';

/** What one call came to, told by both of its ends. */
export class CallTally {
  readonly up = new SequenceCheck();
  readonly down = new SequenceCheck();
  readonly index: number;
  /** Blocks sent so far. */
  upSent = 0;
  downSent = 0;
  askedAt = 0;
  startedAt = 0;
  firstAppendAt = 0;
  /** The response that the person broke into, and when the server was told; 0 for none. */
  bargedResponse = 0;
  bargedAt = 0;
  /** Blocks sent before that. */
  bargedAfter = 0;
  /** Up to this response the carrier was told to forget all audio. */
  clearedResponse = 0;
  modelSessions = 0;

  constructor(index: number) {
    this.index = index;
  }
}

/** What a run came to. Latencies count only while it is measuring; audio counts all the time. */
export class Tally {
  readonly calls: readonly CallTally[];
  readonly upMs: number[] = [];
  readonly downMs: number[] = [];
  readonly bargeInMs: number[] = [];
  readonly startToAppendMs: number[] = [];
  readonly dialToAppendMs: number[] = [];
  /** Blocks at the end of another call. */
  mixed = 0;
  /** Blocks that the person would have heard after a clear, or of a cancelled response. */
  stale = 0;
  /** Blocks without a stamp: what the server made up to fill a gap. */
  unstamped = 0;
  /** Barge-ins that no clear followed within a second. */
  missedClears = 0;
  /** Clears without a barge-in. */
  needlessClears = 0;
  /** Calls that the server ended or lost by itself. */
  brokenCalls = 0;
  #isMeasuring = false;
  readonly #onFirstAppend: () => void;

  constructor(calls: number, onFirstAppend: () => void) {
    this.calls = Array.from({ length: calls }, (_, index) => new CallTally(index));
    this.#onFirstAppend = onFirstAppend;
  }

  set isMeasuring(value: boolean) {
    this.#isMeasuring = value;
  }

  /** The model got a block of the person's audio. */
  heardByModel(call: CallTally, stamp: Stamp | undefined, now: number): void {
    if (stamp === undefined) {
      this.unstamped += 1;
      return;
    }
    if (stamp.call !== call.index || stamp.isFromModel) {
      this.mixed += 1;
      return;
    }
    if (call.firstAppendAt === 0) {
      call.firstAppendAt = now;
      this.startToAppendMs.push(now - call.startedAt);
      this.dialToAppendMs.push(now - call.askedAt);
      this.#onFirstAppend();
    }
    call.up.note(stamp.sequence);
    if (this.#isMeasuring) this.upMs.push(now - stamp.sentAt);
  }

  /** The carrier got a block of the model's audio. @param isFirst of its message: latency counts once */
  heardByCarrier(call: CallTally, stamp: Stamp | undefined, isFirst: boolean, now: number): void {
    if (stamp === undefined) {
      this.unstamped += 1;
    } else if (stamp.call !== call.index || !stamp.isFromModel) {
      this.mixed += 1;
    } else if (stamp.isLate || stamp.response <= call.clearedResponse) {
      this.stale += 1;
    } else {
      call.down.note(stamp.sequence);
      if (isFirst && this.#isMeasuring) this.downMs.push(now - stamp.sentAt);
    }
  }

  bargedIn(call: CallTally, response: number, now: number): void {
    if (call.bargedAt !== 0) this.missedClears += 1;
    call.bargedResponse = response;
    call.bargedAt = now;
    call.bargedAfter = call.downSent;
  }

  cleared(call: CallTally, now: number): void {
    // Audio and clear keep their order on the way: one that overtakes audio answers something earlier.
    if (call.bargedAt === 0 || !call.down.hasReached(call.bargedAfter)) {
      this.needlessClears += 1;
      return;
    }
    if (now - call.bargedAt > 1000) this.missedClears += 1;
    else if (this.#isMeasuring) this.bargeInMs.push(now - call.bargedAt);
    call.clearedResponse = call.bargedResponse;
    call.bargedAt = 0;
  }

  /** To be asked at the end: a barge-in that is still waiting then was missed. */
  closeBargeIns(): void {
    for (const call of this.calls) {
      if (call.bargedAt !== 0) this.missedClears += 1;
      call.bargedAt = 0;
    }
  }
}
