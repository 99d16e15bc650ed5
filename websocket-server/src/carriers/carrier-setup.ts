import type { Check } from '../lib/check.ts';

/** What a carrier's account can be asked about, and the one thing in it that we change when told to. */
export interface CarrierSetup {
  /** The checks of one run, which may share what the carrier told them. */
  checks(): readonly Check[];
  /**
   * The account's own numbers.
   *
   * @throws CarrierRejected, CarrierUnclear
   */
  numbers(): Promise<readonly CarrierNumber[]>;
  /**
   * Sends the calls that arrive at one of the account's numbers to this server, wherever they went before.
   *
   * @returns the number as the carrier then has it
   * @throws InvalidRequest when it is not a number of the account; CarrierRejected, CarrierUnclear
   */
  pointHere(number: string): Promise<CarrierNumber>;
}

export interface CarrierNumber {
  /** E.164. */
  readonly number: string;
  /** The carrier's name for it, where it has another than the number. */
  readonly label: string | null;
  /** It can be used for calls at all. */
  readonly hasVoice: boolean;
  /** Calls that arrive there come to this server. */
  readonly isPointedHere: boolean;
  /** Where they go, as far as it is an address; null for nowhere. */
  readonly callsGoTo: string | null;
}

/** What the operator has chosen that a set-up is checked against. */
export interface CarrierChoices {
  /** The number that calls come from by default; null when none is chosen. */
  readonly number: () => string | null;
  /** ISO codes that may be called; `*` for all; null for those that share a calling code with the number. */
  readonly countries: () => readonly string[] | '*' | null;
}
