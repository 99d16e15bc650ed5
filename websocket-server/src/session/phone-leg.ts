import type { EndReason } from '../call/end-reason.ts';

/** What a live call may ask of its phone leg, which `control/` holds. */
export interface PhoneLeg {
  /** Presses keys; the media stream is replaced meanwhile. Rejects when the carrier refuses. */
  pressDigits(digits: string): Promise<void>;
  hangUp(endReason: EndReason): void;
  /** The person was told that they are put through. The media stream closes meanwhile. */
  putThrough(): void;
  /** Says a sentence in the carrier's voice and hangs up: the voice model is gone. */
  apologise(endReason: EndReason): void;
  /** The person's number is not to be called again. */
  barNumber(): void;
  /** The owner is to be rung when the agent has taken its leave with the reason `transferred`. */
  handOver(): void;
}
