import type { PersonInCall } from '../personas/persona.ts';
import { CaptionReader } from '../speech/captions.ts';
import type { Caption } from '../speech/captions.ts';
import { bytesPerMs, loudnessOf } from '../speech/mulaw.ts';
import type { MediaStream } from './media-stream.ts';
import { PhoneLine } from './phone-line.ts';
import type { Recording } from './recording.ts';
import type { Ticker } from './ticker.ts';

/** Who takes part in an answered call. */
export interface Parties {
  readonly person: PersonInCall;
  /** Whoever writes it down. */
  recordings(): readonly Pick<Recording, 'write'>[];
  /** The media stream of the moment. */
  stream(): MediaStream | undefined;
}

/** The sound of one call: carries it both ways 50 times a second, and keeps what was heard. */
export class CallAudio {
  readonly line = new PhoneLine();
  /** The captions that the person heard, in order. */
  readonly heard: Caption[] = [];
  readonly #ears = new CaptionReader();
  readonly #earsOnPerson = new CaptionReader();
  readonly #onChange: () => void;
  #hasBeeped = false;
  #heardBytes = 0;
  #stopTicking: () => void = () => undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** How much audio the person had from the other side, without the silence between. */
  get heardMs(): number {
    return this.#heardBytes / bytesPerMs;
  }

  /** Whether there was a voicemail's tone at the person's end. */
  get hasBeeped(): boolean {
    return this.#hasBeeped;
  }

  start(ticker: Ticker, parties: Parties): void {
    this.#stopTicking = ticker.onTick(() => this.#tick(parties));
  }

  stop(): void {
    this.#stopTicking();
    this.line.personFallsSilent();
  }

  #tick({ person, recordings, stream }: Parties): void {
    const { fromPerson, personIsTalking, toPerson, sentBytes } = this.line.tick();
    stream()?.sendChunk(fromPerson);
    for (const recording of recordings()) recording.write(fromPerson, toPerson);
    const captions = this.#ears.read(toPerson);
    this.heard.push(...captions);
    this.#heardBytes += sentBytes;
    if (personIsTalking && !this.#hasBeeped) {
      this.#hasBeeped = this.#earsOnPerson
        .read(fromPerson)
        .some(({ kind, text }) => kind === 'sound' && text === 'beep');
    }
    const loudness = sentBytes === 0 ? 0 : loudnessOf(toPerson);
    const audio = sentBytes === 0 ? undefined : toPerson;
    person.tick({ audio, captions, loudness, isTalking: personIsTalking });
    if (sentBytes > 0 || personIsTalking) this.#onChange();
  }
}
