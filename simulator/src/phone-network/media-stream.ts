import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import { chunkMs, silence } from '../speech/mulaw.ts';
import { newSid } from './sid.ts';
import { PlaybackBuffer } from './playback-buffer.ts';
import { parseToTwilio } from './schemas.ts';
import type { ToTwilio } from './schemas.ts';
import { signatureOf } from './signature.ts';

/** Something that Twilio would warn of or refuse, under Twilio's own number for it. */
export interface Violation {
  readonly code: number;
  readonly message: string;
}

/** Why a stream is over. */
export interface StreamEnd {
  /** `peer` closed the socket, `network` did, or there was an `error`. */
  readonly by: 'peer' | 'network' | 'error';
  readonly error?: Violation;
}

export interface MediaStreamOptions {
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  readonly callSid: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Called when `start` has been sent. */
  onStarted(stream: MediaStream): void;
  onMessage(message: ToTwilio): void;
  onViolation(violation: Violation): void;
}

const handshakeTimeoutMs = 10_000;
const silentPayload = Buffer.alloc(160, silence).toString('base64');

/**
 * Twilio's end of a two-way media stream: connects, sends `connected`, `start`, `media` and the rest, and
 * queues what comes back for playing (twilio.com/docs/voice/media-streams/websocket-messages).
 */
export class MediaStream {
  readonly sid = newSid('MZ');
  readonly buffer = new PlaybackBuffer();
  /** Settles once, when the stream is over. */
  readonly ended: Promise<StreamEnd>;
  readonly #options: MediaStreamOptions;
  readonly #socket: WebSocket | undefined;
  #isStarted = false;
  #sequence = 0;
  #chunks = 0;
  #skippedTicks = 0;
  #mutedTicks = 0;
  #end: (end: StreamEnd) => void = () => undefined;

  constructor(options: MediaStreamOptions) {
    this.#options = options;
    this.ended = new Promise((end) => (this.#end = end));
    const refusal = refusalOf(options.url);
    if (refusal !== undefined) {
      this.#end({ by: 'error', error: { code: 31920, message: refusal } });
      return;
    }
    this.#socket = new WebSocket(options.url, {
      headers: {
        'user-agent': 'TwilioProxy/1.1',
        'x-twilio-signature': signatureOf(options.authToken, options.url),
      },
      perMessageDeflate: false,
      handshakeTimeout: handshakeTimeoutMs,
    });
    this.#socket.on('open', () => this.#start());
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('error', (error) =>
      this.#end({ by: 'error', error: { code: 31920, message: error.message } }),
    );
    this.#socket.on('close', () => this.#end({ by: 'peer' }));
  }

  get isOpen(): boolean {
    return this.#isStarted && this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Sends the person's next 20 ms. */
  sendChunk(audio: Uint8Array): void {
    if (!this.isOpen) return;
    if (this.#mutedTicks > 0) {
      this.#mutedTicks--;
      this.#skippedTicks++;
      return;
    }
    const timestamp = (this.#chunks + this.#skippedTicks) * chunkMs;
    const chunk = ++this.#chunks;
    const isSilent = audio.every((byte) => byte === silence);
    const payload = isSilent && audio.length === 160 ? silentPayload : Buffer.from(audio).toString('base64');
    this.#socket?.send(
      `{"event":"media","sequenceNumber":"${++this.#sequence}","media":{"track":"inbound","chunk":"${chunk}",` +
        `"timestamp":"${timestamp}","payload":"${payload}"},"streamSid":"${this.sid}"}`,
    );
  }

  sendDigit(digit: string): void {
    this.#send({ event: 'dtmf', dtmf: { track: 'inbound_track', digit } });
  }

  /** Says that a mark was reached, or was waiting when the buffer was cleared. */
  sendMark(name: string): void {
    this.#send({ event: 'mark', mark: { name } });
  }

  /** Ends it as the network does when the call ends or gets a new document. */
  end(): void {
    const { accountSid, callSid } = this.#options;
    this.#send({ event: 'stop', stop: { accountSid, callSid } });
    this.#end({ by: 'network' });
    this.#socket?.close(1000);
  }

  /** A fault: the connection is gone without a word. */
  drop(): void {
    this.#end({ by: 'error', error: { code: 31903, message: 'the connection was lost' } });
    this.#socket?.terminate();
  }

  /** A fault: sends what may be no message at all, as one text. */
  sendText(text: string): void {
    if (this.isOpen) this.#socket?.send(text);
  }

  /** A fault: no audio comes for a while, as from a phone that was muted. */
  goesMute(ms: number): void {
    this.#mutedTicks = Math.ceil(ms / chunkMs);
  }

  /** A fault: nothing more is taken from the connection, though the person's audio still comes. */
  stopsReading(): void {
    this.#socket?.pause();
  }

  readsOn(): void {
    this.#socket?.resume();
  }

  #start(): void {
    const { accountSid, callSid, parameters } = this.#options;
    this.#socket?.send(JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }));
    this.#isStarted = true;
    this.#send({
      event: 'start',
      start: {
        accountSid,
        streamSid: this.sid,
        callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: parameters,
      },
    });
    this.#options.onStarted(this);
  }

  #receive(data: RawData, isBinary: boolean): void {
    const { onMessage, onViolation } = this.#options;
    if (isBinary) return onViolation({ code: 31950, message: 'a binary frame' });
    const message = parseToTwilio(textOf(data));
    if ('problem' in message) return onViolation({ code: 31951, message: message.problem });
    if (message.streamSid !== this.sid) return onViolation({ code: 31951, message: 'the wrong streamSid' });
    onMessage(message);
    switch (message.event) {
      case 'media':
        return this.buffer.add(Buffer.from(message.media.payload, 'base64'));
      case 'mark':
        return this.buffer.mark(message.mark.name);
      case 'clear':
        for (const name of this.buffer.clear()) this.sendMark(name);
    }
  }

  #send(message: { readonly event: string; readonly [field: string]: unknown }): void {
    if (!this.isOpen) return;
    this.#socket?.send(
      JSON.stringify({ ...message, sequenceNumber: String(++this.#sequence), streamSid: this.sid }),
    );
  }
}

function refusalOf(url: string): string | undefined {
  if (!URL.canParse(url)) return `"${url}" is no URL`;
  const { protocol, search } = new URL(url);
  if (protocol !== 'wss:' && protocol !== 'ws:')
    return 'a stream URL begins with wss:// (ws:// for simulators)';
  if (search !== '' || url.includes('?')) return 'a stream URL has no query string: use <Parameter>';
  return undefined;
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.from(data as Buffer).toString('utf8');
}
