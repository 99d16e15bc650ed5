import type { Chunk } from '../../lib/chunk.ts';
import type { MediaLayout } from './media-layout.ts';
import { chunkOfText } from './media-scanner.ts';

/** A message of Media Streams (twilio.com/docs/voice/media-streams/websocket-messages), checked. */
export type FromTwilio =
  | { readonly event: 'connected' }
  | {
      readonly event: 'start';
      readonly streamSid: string;
      readonly callSid: string;
      /** The stream's `<Parameter>`s that we set; undefined when missing. */
      readonly call: string | undefined;
      readonly token: string | undefined;
    }
  | { readonly event: 'media'; readonly chunk: Chunk; readonly streamTimeMs: number }
  /** Audio of a track that is not the person's. */
  | { readonly event: 'other-track' }
  | { readonly event: 'dtmf'; readonly digit: string }
  | { readonly event: 'mark'; readonly name: string }
  | { readonly event: 'stop' }
  | { readonly event: 'unknown'; readonly name: string }
  | { readonly event: 'malformed'; readonly problem: string };

/**
 * Never throws.
 *
 * @param bytes one text message; the chunk of a `media` message borrows it
 * @param layout of the stream that it belongs to
 */
export function parseMessage(bytes: Buffer, layout: MediaLayout): FromTwilio {
  const audio = layout.read(bytes);
  if (audio === undefined) return parseJson(bytes);
  if (!audio.isInbound) return { event: 'other-track' };
  return { event: 'media', chunk: audio.chunk, streamTimeMs: audio.streamTimeMs };
}

/** The same reading as `parseMessage`, by way of `JSON.parse`, for every event. */
export function parseJson(bytes: Buffer): FromTwilio {
  let message: unknown;
  try {
    message = JSON.parse(bytes.toString());
  } catch {
    return malformed('not JSON');
  }
  if (!isRecord(message)) return malformed('not an object');
  const { event } = message;
  if (typeof event !== 'string') return malformed('no event');
  return readers.get(event)?.(message) ?? { event: 'unknown', name: event.slice(0, 40) };
}

type Fields = Readonly<Record<string, unknown>>;

const readers: ReadonlyMap<string, (message: Fields) => FromTwilio> = new Map<
  string,
  (message: Fields) => FromTwilio
>([
  ['connected', () => ({ event: 'connected' })],
  ['start', readStart],
  ['media', readMedia],
  ['dtmf', readDigit],
  ['mark', readMark],
  ['stop', () => ({ event: 'stop' })],
]);

function readDigit({ dtmf }: Fields): FromTwilio {
  const digit = isRecord(dtmf) ? dtmf['digit'] : undefined;
  const isDigit = typeof digit === 'string' && /^[0-9A-D*#]$/.test(digit);
  return isDigit ? { event: 'dtmf', digit } : malformed('dtmf without a digit');
}

function readMark({ mark }: Fields): FromTwilio {
  const name = isRecord(mark) ? mark['name'] : undefined;
  return typeof name === 'string' ? { event: 'mark', name } : malformed('mark without a name');
}

function readStart({ start }: Fields): FromTwilio {
  if (!isRecord(start)) return malformed('start without its fields');
  const { streamSid, callSid, customParameters, mediaFormat } = start;
  if (typeof streamSid !== 'string' || streamSid === '') return malformed('start without streamSid');
  if (typeof callSid !== 'string' || callSid === '') return malformed('start without callSid');
  if (!isMulaw8k(mediaFormat)) return malformed('start with audio that is not µ-law at 8 kHz mono');
  const parameters = isRecord(customParameters) ? customParameters : {};
  const { call, token } = parameters;
  return {
    event: 'start',
    streamSid,
    callSid,
    call: typeof call === 'string' ? call : undefined,
    token: typeof token === 'string' ? token : undefined,
  };
}

/** A format that is not told is the usual one. */
function isMulaw8k(format: unknown): boolean {
  if (format === undefined) return true;
  return (
    isRecord(format) &&
    format['encoding'] === 'audio/x-mulaw' &&
    Number(format['sampleRate']) === 8000 &&
    Number(format['channels']) === 1
  );
}

function readMedia({ media }: Fields): FromTwilio {
  if (!isRecord(media)) return malformed('media without its fields');
  const { track, timestamp, payload } = media;
  const streamTimeMs = wholeNumber(timestamp);
  const chunk = typeof payload === 'string' ? chunkOfText(payload) : undefined;
  if (streamTimeMs === undefined) return malformed('media without a timestamp');
  if (chunk === undefined) return malformed('media without base64 audio');
  const isInbound = track === undefined || track === 'inbound';
  return isInbound ? { event: 'media', chunk, streamTimeMs } : { event: 'other-track' };
}

/** Twilio writes numbers as text. */
function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

function malformed(problem: string): FromTwilio {
  return { event: 'malformed', problem };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Writes the messages of one stream. They have exactly the fields of Twilio's
 * schema: one too many, and Twilio drops the message with a warning (31951).
 */
export class MessageWriter {
  /** What stands around a chunk's base64. */
  readonly audioHead: Buffer;
  readonly audioTail = Buffer.from('"}}');
  readonly clear: string;
  readonly #markHead: string;

  constructor(streamSid: string) {
    const sid = JSON.stringify(streamSid);
    this.audioHead = Buffer.from(`{"event":"media","streamSid":${sid},"media":{"payload":"`);
    this.clear = `{"event":"clear","streamSid":${sid}}`;
    this.#markHead = `{"event":"mark","streamSid":${sid},"mark":{"name":`;
  }

  mark(name: string): string {
    return `${this.#markHead}${JSON.stringify(name)}}}`;
  }
}
