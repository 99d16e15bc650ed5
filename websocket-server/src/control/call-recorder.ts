import type { RecordingStorage } from '../call/call.ts';
import type { CallHappening } from '../call/call-event.ts';
import type { Carrier } from '../carriers/carrier.ts';
import type { Log } from '../lib/log.ts';
import type { OpenRecord } from './open-record.ts';
import { tellsOfRecording } from './recording-notice.ts';

export interface CallRecorderParts {
  readonly carrier: Carrier;
  readonly storage: RecordingStorage;
  readonly log: Log;
  /** Has the agent say these words to the person. */
  readonly say: (words: string) => void;
}

/** Turns that the agent may say before it is made to tell that the call is recorded, and before it is again. */
const patienceTurns = 2;
/** A notice may be talked over; but nobody is to hear of nothing else. */
const mostNotices = 3;
const notice = 'Before we go on: this call is being recorded.';

/** Has the carrier record a call, from the moment on at which the person has heard that it is recorded. */
export class CallRecorder {
  readonly #record: OpenRecord;
  readonly #parts: CallRecorderParts;
  readonly #agentTurns = new Set<string>();
  #heardTurns = 0;
  #isDone = false;

  constructor(record: OpenRecord, parts: CallRecorderParts) {
    this.#record = record;
    this.#parts = parts;
  }

  /** Something has happened to the call. A turn of the agent ends when it has been heard to its end. */
  noted(happening: CallHappening): void {
    if (this.#isDone) return;
    if (happening.type === 'turn-started' && happening.speaker === 'agent') {
      this.#agentTurns.add(happening.turnId);
    }
    if (happening.type !== 'turn-ended' || !this.#agentTurns.has(happening.turnId)) return;
    if (happening.isInterrupted || happening.text === '') return;
    if (tellsOfRecording(happening.text)) return void this.#start();
    const isDue = ++this.#heardTurns % patienceTurns === 0;
    if (isDue && this.#heardTurns <= mostNotices * patienceTurns) this.#parts.say(notice);
  }

  async #start(): Promise<void> {
    this.#isDone = true;
    const { callId, carrierCallId } = this.#record.call;
    if (carrierCallId === null || this.#record.isOver) return;
    try {
      const { recordingId } = await this.#parts.carrier.startRecording(carrierCallId, callId);
      if (!this.#record.isOver) {
        this.#record.add({ type: 'recording-started', recordingId, storage: this.#parts.storage });
      }
    } catch (err) {
      this.#parts.log.warn('the carrier did not say that it records the call', { err });
      await this.#findStarted(carrierCallId);
    }
  }

  /** Only the carrier's answer may have been lost: a recording that nobody knows of would be kept there for good. */
  async #findStarted(carrierCallId: string): Promise<void> {
    const { carrier, storage, log } = this.#parts;
    try {
      const [found] = await carrier.recordingsOf(carrierCallId);
      if (found === undefined || this.#record.isOver) return;
      const { recordingId } = found;
      this.#record.add({ type: 'recording-started', recordingId, storage });
    } catch (err) {
      log.warn('the carrier could not be asked for recordings of the call', { err });
    }
  }
}
