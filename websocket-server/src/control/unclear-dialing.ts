import type { Call } from '../call/call.ts';
import type { Carrier } from '../carriers/carrier.ts';

/** Room for the moment between our note and the carrier's. */
const slackMs = 2000;

interface UnclearDialing {
  readonly carrier: Pick<Carrier, 'findCalls'>;
  /** Whether a call at the carrier belongs to another of our calls. */
  readonly isOthers: (carrierCallId: string) => Promise<boolean>;
}

/**
 * The carrier's id of a call whose dialing had no clear answer: the first one from that dialing on that is no other call's.
 *
 * @returns undefined when the carrier shows none
 * @throws CarrierRejected, CarrierUnclear when the carrier cannot be asked
 */
export async function dialedAfterAll(
  { to, from, requestedAt, dialedAt }: Pick<Call, 'to' | 'from' | 'requestedAt' | 'dialedAt'>,
  { carrier, isOthers }: UnclearDialing,
): Promise<string | undefined> {
  // A scheduled call is dialed long after its request, and others to the same number before it.
  const since = (dialedAt ?? requestedAt) - slackMs;
  for (const carrierCallId of await carrier.findCalls({ to, from, since })) {
    if (!(await isOthers(carrierCallId))) return carrierCallId;
  }
  return undefined;
}
