import type { DialedLeg } from './dialed-leg.ts';
import type { SimulatedCall } from './simulated-call.ts';

/** The call as Twilio's REST API shows it: `initiated` is a word of the callbacks only. */
export function callResource(call: SimulatedCall, accountSid: string): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}`;
  const hasEnded = call.isOver;
  return {
    sid: call.sid,
    date_created: dateOf(call.createdAt),
    date_updated: dateOf(call.endedAt ?? call.answeredAt ?? call.createdAt),
    parent_call_sid: null,
    account_sid: accountSid,
    to: call.to,
    to_formatted: call.to,
    from: call.from,
    from_formatted: call.from,
    phone_number_sid: null,
    status: call.state === 'initiated' ? 'queued' : call.state,
    start_time: dateOf(call.answeredAt),
    end_time: dateOf(call.endedAt),
    duration: hasEnded ? String(call.durationSeconds) : null,
    price: priceOf(call),
    price_unit: 'USD',
    direction: call.order.direction,
    answered_by: call.answeredBy ?? null,
    api_version: '2010-04-01',
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    uri: `${uri}.json`,
    subresource_uris: { recordings: `${uri}/Recordings.json`, streams: `${uri}/Streams.json` },
  };
}

/** A phone that a call had dialed, as a call of its own; where it was joined, it is up as long as the call. */
export function legResource(
  call: SimulatedCall,
  leg: DialedLeg,
  accountSid: string,
): Record<string, unknown> {
  const { pickedUpAt, sid, number, status, isJoined } = leg;
  const upMs = isJoined ? (call.endedAt ?? new Date()).getTime() - (pickedUpAt?.getTime() ?? 0) : 1;
  const minutes = pickedUpAt === undefined ? 0 : Math.max(1, Math.ceil(upMs / 60_000));
  return {
    ...callResource(call, accountSid),
    sid,
    parent_call_sid: call.sid,
    to: number,
    to_formatted: number,
    status: isJoined && !call.isOver ? 'in-progress' : status,
    price: call.isPriceSettled && minutes > 0 ? `-${(minutes * usdPerMinute.outbound).toFixed(5)}` : null,
    direction: 'outbound-dial',
  };
}

/** As for a landline in the United States, for each started minute (twilio.com/en-us/voice/pricing/us). */
const usdPerMinute = { outbound: 0.014, inbound: 0.0085 };

/** A charge is below zero. There is none for a call that nobody answered, nor for one whose price is not settled. */
function priceOf({ durationSeconds, isPriceSettled, order }: SimulatedCall): string | null {
  if (!isPriceSettled || durationSeconds === 0) return null;
  const rate = order.direction === 'inbound' ? usdPerMinute.inbound : usdPerMinute.outbound;
  return `-${(Math.ceil(durationSeconds / 60) * rate).toFixed(5)}`;
}

/** RFC 2822, as the API writes times. */
function dateOf(date: Date | undefined): string | null {
  return date ? date.toUTCString().replace('GMT', '+0000') : null;
}
