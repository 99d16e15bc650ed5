/** What goes wrong on purpose in a call, as data. */
export interface Faults {
  readonly callbacks?: {
    /** Each status callback is sent so much later; what happens next does not wait for it. */
    readonly lateByMs?: number;
    /** Each is sent twice. */
    readonly isDoubled?: boolean;
    /** All are held until the call is over, then sent last one first. */
    readonly isReversed?: boolean;
    /** These events are never told. */
    readonly missing?: readonly ('initiated' | 'ringing' | 'answered' | 'completed')[];
  };
  /** What machine detection does wrong. */
  readonly detection?: {
    readonly lateByMs?: number;
    readonly isMissing?: boolean;
    /** It errs, and says this at once, whoever has answered. */
    readonly answeredBy?: string;
  };
  /** So many requests to hang up are answered with 500, and not carried out. */
  readonly hangUpsFail?: number;
  /** The media stream's connection is lost so long after its start. */
  readonly streamDropsAfterMs?: number;
}
