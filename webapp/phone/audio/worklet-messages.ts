/** What the page and its audio thread tell each other. */

export const microphoneName = 'phone-microphone';
export const speakerName = 'phone-speaker';
/** Where the build puts the audio thread's code, since a worklet is loaded by address. */
export const workletsPath = '/built/phone-worklets.js';

export interface FromMicrophone {
  /** µ-law, 8 kHz, 20 ms. */
  readonly audio: Uint8Array<ArrayBuffer>;
  /** 0 to 1. */
  readonly loudness: number;
}

/** µ-law, 8 kHz; `clear` drops what was not played yet. */
export type ToSpeaker = Uint8Array | 'clear';

export interface FromSpeaker {
  /** 0 to 1. */
  readonly loudness: number;
}

export interface SpeakerOptions {
  readonly prefillMs: number;
  readonly mostMs: number;
}
