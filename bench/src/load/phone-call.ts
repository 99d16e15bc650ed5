import { WebSocket } from 'ws';
import { signatureOf } from './account.ts';
import type { Pacer } from './pacer.ts';
import { blockMs, longField, readStamps, StampWriter } from './stamped-audio.ts';
import type { CallTally, Tally } from './tally.ts';

const person = new StampWriter(1);
/** Saves the generator the drawing of random numbers; the server unmasks it like any other. */
const mask = (bytes: Buffer) => void bytes.writeUInt32LE(0x5a17c3e9);

interface WaitingMark {
  readonly name: string;
  readonly dueAt: number;
}

/** Where a media stream connects, and what it says of itself in `start`. */
export interface StreamAddress {
  readonly url: string;
  readonly callSid: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The carrier's end of one call: the person's audio 50 times a second, and a player that echoes marks. */
export class PhoneCall {
  readonly #call: CallTally;
  readonly #tally: Tally;
  readonly #socket: WebSocket;
  readonly #address: StreamAddress;
  readonly #streamSid: string;
  readonly #pacer: Pacer;
  #stopPacing: () => void = () => {};
  #marks: WaitingMark[] = [];
  #playedUpTo = 0;
  #ticks = 0;
  #isSpeaking = true;
  #isHangingUp = false;

  constructor(call: CallTally, tally: Tally, address: StreamAddress, pacer: Pacer) {
    this.#call = call;
    this.#tally = tally;
    this.#address = address;
    this.#pacer = pacer;
    this.#streamSid = `MZ${call.index.toString(16).padStart(32, '0')}`;
    this.#socket = new WebSocket(address.url, {
      headers: { 'x-twilio-signature': signatureOf(address.url) },
      perMessageDeflate: false,
      skipUTF8Validation: true,
      generateMask: mask,
    });
    this.#socket.on('open', () => this.#start());
    this.#socket.on('message', (message: Buffer) => this.#received(message));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#closed());
  }

  get isOpen(): boolean {
    return this.#socket.readyState !== WebSocket.CLOSED;
  }

  /** Sends no more audio; what is on its way still comes. */
  fallSilent(): void {
    this.#isSpeaking = false;
  }

  hangUp(): void {
    this.#isHangingUp = true;
    this.#send({ event: 'stop', streamSid: this.#streamSid, stop: { callSid: this.#address.callSid } });
    this.#socket.close(1000);
  }

  cutOff(): void {
    this.#isHangingUp = true;
    this.#socket.terminate();
  }

  #start(): void {
    this.#send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    this.#send({
      event: 'start',
      sequenceNumber: '1',
      streamSid: this.#streamSid,
      start: {
        streamSid: this.#streamSid,
        accountSid: 'AC',
        callSid: this.#address.callSid,
        tracks: ['inbound'],
        customParameters: this.#address.parameters,
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      },
    });
    this.#call.startedAt = performance.now();
    this.#stopPacing = this.#pacer.every(() => this.#tick());
  }

  /** Every 10 ms: audio and marks at every other. */
  #tick(): void {
    this.#ticks += 1;
    if (this.#ticks % 2 === 1) return;
    if (this.#isSpeaking) this.#speak();
    this.#echoMarks();
  }

  #speak(): void {
    const sequence = this.#call.upSent;
    this.#call.upSent += 1;
    const stamp = {
      isFromModel: false,
      isLate: false,
      call: this.#call.index,
      sequence,
      response: 0,
      sentAt: performance.now(),
    };
    // Written as text: 50 a second of each call are most of what this process does.
    this.#socket.send(
      `{"event":"media","sequenceNumber":"${sequence + 2}","media":{"track":"inbound","chunk":"${sequence + 1}","timestamp":"${sequence * blockMs}","payload":"${person.base64(stamp)}"},"streamSid":"${this.#streamSid}"}`,
    );
  }

  #received(message: Buffer): void {
    const now = performance.now();
    const text = message.toString('latin1');
    const payload = longField(text, '"payload"');
    if (payload !== undefined) return this.#play(payload, now);
    const { event, mark } = JSON.parse(text) as { event: string; mark?: { name: string } };
    if (event === 'mark' && mark !== undefined) {
      this.#marks.push({ name: mark.name, dueAt: Math.max(now, this.#playedUpTo) });
    } else if (event === 'clear') {
      this.#tally.cleared(this.#call, now);
      this.#playedUpTo = now;
      this.#marks = this.#marks.map(({ name }) => ({ name, dueAt: now }));
      this.#echoMarks();
    }
  }

  #play(payload: string, now: number): void {
    let isFirst = true;
    const ms = readStamps(payload, (stamp) => {
      this.#tally.heardByCarrier(this.#call, stamp, isFirst, now);
      isFirst = false;
    });
    this.#playedUpTo = Math.max(now, this.#playedUpTo) + ms;
  }

  #echoMarks(): void {
    const now = performance.now();
    for (let mark = this.#marks[0]; mark !== undefined && mark.dueAt <= now; mark = this.#marks[0]) {
      this.#marks.shift();
      this.#send({ event: 'mark', streamSid: this.#streamSid, mark: { name: mark.name } });
    }
  }

  #send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #closed(): void {
    this.#stopPacing();
    if (!this.#isHangingUp) this.#tally.brokenCalls += 1;
  }
}
