import { isRecord } from '../live/is-record.ts';

/** What the simulated phone network tells the phone in this page. */
export type SoftphoneFrame =
  | { readonly type: 'waiting'; readonly number: string; readonly agentNumber: string | null }
  | { readonly type: 'ringing'; readonly carrierCallId: string; readonly from: string; readonly to: string }
  | { readonly type: 'dialing'; readonly carrierCallId: string; readonly to: string }
  | { readonly type: 'connected' }
  /** A typed text was spoken; not whole when the call ended in the middle of it. */
  | { readonly type: 'said'; readonly text: string; readonly isWhole: boolean }
  /** What was not played yet is to be dropped: the agent was interrupted. */
  | { readonly type: 'clear' }
  | { readonly type: 'ended'; readonly by: 'you' | 'other-end' | 'other-phone' };

/** What the phone in this page tells the network. */
export type SoftphoneWish =
  | { readonly type: 'wait-for-calls'; readonly to: 'own-number' | 'every-number' }
  | { readonly type: 'answer' }
  | { readonly type: 'decline' }
  | { readonly type: 'hang-up' }
  | { readonly type: 'dial' }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'press'; readonly digits: string };

const texts: Readonly<Record<SoftphoneFrame['type'], readonly string[]>> = {
  waiting: ['number'],
  ringing: ['carrierCallId', 'from', 'to'],
  dialing: ['carrierCallId', 'to'],
  connected: [],
  said: ['text'],
  clear: [],
  ended: ['by'],
};

/** @returns undefined for anything that is not known here */
export function parseSoftphoneFrame(data: string): SoftphoneFrame | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (!isRecord(frame) || typeof frame.type !== 'string' || !Object.hasOwn(texts, frame.type))
    return undefined;
  const wanted = texts[frame.type as SoftphoneFrame['type']];
  return wanted.every((name) => typeof frame[name] === 'string') ? (frame as SoftphoneFrame) : undefined;
}
