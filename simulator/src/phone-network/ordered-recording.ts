import { interleaved, wavHeader } from './recording.ts';
import { newSid } from './sid.ts';

/** What was asked for when a recording of a live call was ordered (twilio.com/docs/voice/api/recording). */
export interface RecordingOrder {
  readonly callback: string | undefined;
  readonly callbackMethod: 'GET' | 'POST';
}

/** A recording ordered through the REST API, in memory: the person on the left, the agent on the right. */
export class OrderedRecording {
  readonly sid = newSid('RE');
  readonly startedAt = new Date();
  readonly order: RecordingOrder;
  isDeleted = false;
  readonly #frames: Buffer[] = [];

  constructor(order: RecordingOrder) {
    this.order = order;
  }

  write(person: Uint8Array, agent: Uint8Array): void {
    this.#frames.push(interleaved(person, agent));
  }

  get durationSeconds(): number {
    return Math.round(this.#bytes / 32_000);
  }

  /** 8 kHz, 16 bits, two channels. */
  wav(): Buffer {
    return Buffer.concat([wavHeader(this.#bytes), ...this.#frames]);
  }

  /** What the callback tells of it once the call is over. */
  form(accountSid: string, callSid: string): Readonly<Record<string, string>> {
    return {
      AccountSid: accountSid,
      CallSid: callSid,
      RecordingSid: this.sid,
      RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/${this.sid}`,
      RecordingStatus: 'completed',
      RecordingDuration: String(this.durationSeconds),
      RecordingChannels: '2',
      RecordingStartTime: this.startedAt.toUTCString().replace('GMT', '+0000'),
      RecordingSource: 'StartCallRecordingAPI',
      RecordingTrack: 'both',
    };
  }

  /** The recording as the REST API shows it. */
  resource(accountSid: string, callSid: string): Readonly<Record<string, unknown>> {
    return {
      sid: this.sid,
      account_sid: accountSid,
      call_sid: callSid,
      start_time: this.startedAt.toUTCString().replace('GMT', '+0000'),
      duration: String(this.durationSeconds),
      channels: 2,
      source: 'StartCallRecordingAPI',
    };
  }

  get #bytes(): number {
    return this.#frames.reduce((sum, { length }) => sum + length, 0);
  }
}
