import type { Callee } from '../../call/call.ts';
import type { DailyHours } from '../../lib/daily-hours.ts';
import type { Forbidden } from './forbidden-numbers.ts';
import type { NumberList } from './number-list.ts';

/** Everything that is known when a call is about to be dialed. The rules are functions of this and nothing else. */
export interface DialFacts {
  readonly to: string;
  readonly from: string;
  readonly callee: Callee;
  /** When it is to be dialed, ms since 1970. */
  readonly at: number;
  /** Asked for in advance: what is up and was placed lately says nothing about then. */
  readonly isLater: boolean;
  /** Why the number may never be dialed. */
  readonly forbidden: Forbidden | undefined;
  readonly settings: DialSettings;
  readonly isOnDoNotCallList: boolean;
  readonly now: DialCounts;
}

/** Calls, of all numbers and of this one; those that are just being placed are among them. */
export interface DialCounts {
  readonly upAtOnce: number;
  readonly upToNumber: number;
  readonly lastMinute: number;
  readonly lastHour: number;
  readonly lastDay: number;
  readonly lastDayToNumber: number;
}

/** The operator's settings, with every default filled in. A cap of `Infinity` is none. */
export interface DialSettings extends DialCaps {
  /** A simulated network: numbers need not exist. */
  readonly isSimulated: boolean;
  /** ISO codes; `*` for all; null: those that share the calling code of `from`. */
  readonly allowedCountries: readonly string[] | '*' | null;
  /** Empty: every number. */
  readonly allowedNumbers: NumberList;
  readonly deniedNumbers: NumberList;
  readonly ownerNumber: string | null;
  /** null: any hour. */
  readonly callingHours: DailyHours | null;
}

export interface DialCaps {
  readonly maxConcurrentCalls: number;
  readonly callsPerMinute: number;
  readonly callsPerHour: number;
  readonly callsPerDay: number;
  readonly callsPerNumberPerDay: number;
  readonly callsPerNumberAtOnce: number;
}

/** One rule's name and its judgement of a call. */
export interface DialRule {
  readonly rule: string;
  /** What it finds is a mistake in the request, not a matter of leave. */
  readonly isBadInput?: boolean;
  /** What it finds passes by itself soon. */
  readonly isMomentary?: boolean;
  /** @returns undefined when it has nothing against the call */
  find(facts: DialFacts): Finding | undefined;
}

export interface Finding {
  readonly message: string;
  /** What the operator or the client can do about it; empty: nothing. */
  readonly howToChange: string;
  /** The call may be dialed all the same. */
  readonly isWarning?: boolean;
}

/** What the gate says of a call. */
export interface Verdict {
  readonly allowed: boolean;
  /** Everything that speaks against it, in the order of the rules. */
  readonly reasons: readonly Reason[];
  readonly warnings: readonly string[];
}

export interface Reason {
  readonly rule: string;
  readonly message: string;
  readonly howToChange: string;
}
