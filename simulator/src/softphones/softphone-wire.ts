/**
 * What goes between the phone network and a phone that a human holds, e.g. in a web page: control as JSON text
 * frames, audio as binary frames of µ-law, 8 kHz, in both directions; 160 bytes are 20 ms.
 */

/** What the human does. */
export type FromSoftphone =
  /** Waits for calls: to its own number, or to any number at all. */
  | { readonly type: 'wait-for-calls'; readonly to: 'own-number' | 'every-number' }
  | { readonly type: 'answer' }
  | { readonly type: 'decline' }
  | { readonly type: 'hang-up' }
  /** Rings the account's own number. */
  | { readonly type: 'dial' }
  /** Says a text with a synthetic voice, for those who do not talk. */
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'press'; readonly digits: string };

/** What the phone is told. */
export type ToSoftphone =
  /** It can be rung. `agentNumber` null: nobody is there to dial. */
  | { readonly type: 'waiting'; readonly number: string; readonly agentNumber: string | null }
  | {
      readonly type: 'ringing';
      readonly carrierCallId: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly type: 'dialing'; readonly carrierCallId: string; readonly to: string }
  | { readonly type: 'connected' }
  /** A text was said, or cut. */
  | { readonly type: 'said'; readonly text: string; readonly isWhole: boolean }
  /** Audio that was sent and not heard yet is to be dropped: the agent was interrupted. */
  | { readonly type: 'clear' }
  | { readonly type: 'ended'; readonly by: 'you' | 'other-end' | 'other-phone' };

const longestText = 500;

/** @returns undefined for what makes no sense */
export function parseFromSoftphone(text: string): FromSoftphone | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, to, text: words, digits } = message as Readonly<Record<string, unknown>>;
  switch (type) {
    case 'wait-for-calls':
      return to === 'own-number' || to === 'every-number' ? { type, to } : undefined;
    case 'answer':
    case 'decline':
    case 'hang-up':
    case 'dial':
      return { type };
    case 'say':
      return typeof words === 'string' && words.trim() !== ''
        ? { type, text: words.trim().slice(0, longestText) }
        : undefined;
    case 'press':
      return typeof digits === 'string' && /^[0-9*#]{1,32}$/u.test(digits) ? { type, digits } : undefined;
    default:
      return undefined;
  }
}
