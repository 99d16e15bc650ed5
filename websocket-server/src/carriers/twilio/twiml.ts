import type { StreamClaim } from '../carrier.ts';

/** Twilio refuses a longer document in an update. */
export const maxTwimlLength = 4000;

/** How long a call outlives its media stream. */
const reattachSeconds = 3;
/** Heard when nobody of ours is left to say anything. */
const connectionLost = 'I am sorry, the connection was lost. Goodbye.';

export interface StreamAddresses {
  /** `wss://…/call`, without a query: Twilio refuses one there (error 31920). */
  readonly streamUrl: string;
  readonly statusUrl: string;
}

/**
 * Connects the call to a media stream. What follows `<Connect>` runs when the stream ends: a moment in which we may
 * open another one where the stream was lost, then a sentence and the end, so that no call stays open once we are gone.
 */
export function connectTwiml(claim: StreamClaim, addresses: StreamAddresses): string {
  return document(connectVerbs(claim, addresses));
}

/** Plays keys to the person's side, then opens a new media stream. */
export function pressTwiml(digits: string, claim: StreamClaim, addresses: StreamAddresses): string {
  return document(`<Play digits="${sanitizedDigits(digits)}"/>${connectVerbs(claim, addresses)}`);
}

/** Rings another phone and joins it to the call; ends the call when that is over. */
export function dialTwiml(to: string, from: string): string {
  return document(
    `<Dial callerId="${escaped(from)}" timeout="30"><Number>${escaped(to)}</Number></Dial><Hangup/>`,
  );
}

export function hangUpTwiml(): string {
  return document('<Hangup/>');
}

/** A sentence too long for a document is cut off at its end. */
export function sayAndHangUpTwiml(sentence: string): string {
  const room = maxTwimlLength - document('<Say></Say><Hangup/>').length;
  return document(`<Say>${escaped(sentence, room)}</Say><Hangup/>`);
}

/** What of `digits` can be pressed: `0-9 * # w W`, the rest left out. */
export function sanitizedDigits(digits: string): string {
  return digits.replaceAll(/[^0-9*#wW]/g, '');
}

function connectVerbs(
  { callId, streamToken }: StreamClaim,
  { streamUrl, statusUrl }: StreamAddresses,
): string {
  return (
    `<Connect><Stream url="${escaped(streamUrl)}" statusCallback="${escaped(statusUrl)}" statusCallbackMethod="POST">` +
    `<Parameter name="call" value="${escaped(callId)}"/>` +
    `<Parameter name="token" value="${escaped(streamToken)}"/>` +
    `</Stream></Connect><Pause length="${reattachSeconds}"/><Say>${connectionLost}</Say><Hangup/>`
  );
}

function document(verbs: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an element or a quoted attribute; characters that XML 1.0 has no place for are left out. */
function escaped(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  let result = '';
  for (const character of text) {
    if (!/[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(character)) continue;
    const written = entities[character] ?? character;
    if (result.length + written.length > maxLength) break;
    result += written;
  }
  return result;
}
