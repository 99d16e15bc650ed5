import type { StreamClaim, TransferRequest } from '../carrier.ts';

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

export interface TransferAddresses {
  /** Asked when the other phone is picked up, before it is joined to the call. */
  readonly answeredUrl: string;
  /** Asked when a key was pressed there. */
  readonly keyUrl: string;
  /** Asked when the other phone is no longer joined, or never was. */
  readonly endedUrl: string;
}

/**
 * Rings another phone and joins it to the call. `<Number url>` runs at the other phone before the two are joined, and
 * may hang up there; `action` is asked what follows (twilio.com/docs/voice/twiml/dial and …/number).
 */
export function dialTwiml(
  { to, from, ringTimeoutSeconds }: Pick<TransferRequest, 'to' | 'from' | 'ringTimeoutSeconds'>,
  { answeredUrl, endedUrl }: TransferAddresses,
): string {
  return document(
    `<Dial callerId="${escaped(from)}" timeout="${ringTimeoutSeconds}" action="${escaped(endedUrl)}" method="POST">` +
      `<Number url="${escaped(answeredUrl)}" method="POST">${escaped(to)}</Number></Dial><Hangup/>`,
  );
}

/** Tells whoever picked up what the call is about, and waits for a key; without one they are hung up on. */
export function briefingTwiml(briefing: string, keyUrl: string): string {
  const room = maxTwimlLength - 500;
  return document(
    `<Gather numDigits="1" timeout="8" action="${escaped(keyUrl)}" method="POST">` +
      `<Say>${escaped(briefing, room)}</Say></Gather><Hangup/>`,
  );
}

/** Nothing more to do: at the other phone of a transfer, the two are joined when its document ends. */
export function emptyTwiml(): string {
  return document('');
}

/** Turns a call away before it is answered, as a busy line does. */
export function rejectTwiml(): string {
  return document('<Reject reason="busy"/>');
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
