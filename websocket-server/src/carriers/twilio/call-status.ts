import type { CarrierReport } from '../carrier.ts';
import { adviceForCode, adviceForSip } from './advice.ts';

type Meaning = Pick<CarrierReport, 'progress' | 'endedWhy'>;

/** Twilio's `CallStatus` words, as callbacks and the Call resource use them, in ours. */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['queued', { progress: 'dialing' }],
  ['initiated', { progress: 'dialing' }],
  ['ringing', { progress: 'ringing' }],
  ['in-progress', { progress: 'connected' }],
  ['completed', { progress: 'ended' }],
  ['busy', { progress: 'ended', endedWhy: 'busy' }],
  ['no-answer', { progress: 'ended', endedWhy: 'no_answer' }],
  ['failed', { progress: 'ended', endedWhy: 'carrier_error' }],
  ['canceled', { progress: 'ended', endedWhy: 'canceled' }],
]);

/** SIP answers of a person, or of their phone, who turns the call down: 603 Decline, 607 Unwanted. */
const declinedSip = new Set([603, 607]);
/** 486 Busy Here, 600 Busy Everywhere: some carriers on the way make a failure of them. */
const busySip = new Set([486, 600]);

export interface StatusDetails {
  readonly sipCode?: number | undefined;
  readonly errorCode?: number | undefined;
}

/** @returns undefined for a status word that is not in the table */
export function reportOfStatus(
  carrierCallId: string,
  status: string,
  { sipCode, errorCode }: StatusDetails = {},
): CarrierReport | undefined {
  const meaning = meanings.get(status);
  if (meaning === undefined) return undefined;
  if (meaning.endedWhy === undefined) return { carrierCallId, ...meaning };
  if (sipCode !== undefined && declinedSip.has(sipCode) && meaning.endedWhy !== 'canceled') {
    return { carrierCallId, progress: 'ended', endedWhy: 'declined' };
  }
  if (meaning.endedWhy !== 'carrier_error') return { carrierCallId, ...meaning };
  if (sipCode !== undefined && busySip.has(sipCode)) {
    return { carrierCallId, progress: 'ended', endedWhy: 'busy' };
  }
  const advice =
    errorCode === undefined
      ? sipCode === undefined
        ? undefined
        : adviceForSip(sipCode)
      : adviceForCode(errorCode).sentence;
  return { carrierCallId, ...meaning, advice };
}
