import type { Caption } from '../speech/captions.ts';
import type { Voice } from '../speech/speech.ts';

/** What a person can do with the phone in the hand. */
export interface Handset {
  /** Says a text after what is still being said. @returns whether it was said to the end */
  say(text: string): Promise<boolean>;
  /** As `say`, with audio of one's own: µ-law, 8 kHz. */
  play(audio: Uint8Array): Promise<boolean>;
  /** Falls silent at once. */
  stopTalking(): void;
  /** Presses keys; the other end is told each. */
  press(digits: string): void;
  hangUp(): void;
}

/** The last 20 ms, as the person had them. */
export interface Moment {
  /** What was heard: µ-law, 8 kHz; `undefined` when the other end sent nothing. */
  readonly audio: Uint8Array | undefined;
  /** What became audible of the agent's words. */
  readonly captions: readonly Caption[];
  /** How loud the agent is, 0 to 32,635; see `loudnessOf`. */
  readonly loudness: number;
  /** Whether the person is talking. */
  readonly isTalking: boolean;
}

/** A person in one call. */
export interface PersonInCall {
  /** Called 50 times a second from the moment of the answer. */
  tick(moment: Moment): void;
  /** A key was pressed at the other end. */
  pressed?(digit: string): void;
  /** The other end took back what it had sent and was not heard yet. */
  cleared?(): void;
}

/** A call that rings, in the hands of whoever decides about it. What comes after the first decision changes nothing. */
export interface RingingCall {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  answer(): void;
  decline(): void;
}

/** Who may be at a number, as data and a way to behave. */
export interface Persona {
  readonly name: string;
  readonly voice: Voice;
  /** What the phone network meets when it rings there. */
  readonly pickUp: 'answers' | 'busy' | 'no-answer' | 'rejected' | 'unreachable';
  /** How long it rings before the answer, or before the network gives up. */
  readonly ringsForMs: number;
  readonly isMachine: boolean;
  /** Whoever is put through to this phone is talked to until they hang up. */
  readonly staysOnLine?: boolean;
  /** Sentences known in advance, to be synthesised while it rings. */
  readonly sayings: readonly string[];
  /** Begins a call: the phone has just been picked up. */
  meet(handset: Handset): PersonInCall;
  /** Decides when to pick up, in place of `pickUp` and `ringsForMs`, for as long as the caller lets it ring. */
  ring?(call: RingingCall): void;
  /** The call is over, answered or not. Told once. @param byPerson whether the person ended it */
  over?(byPerson: boolean): void;
}
