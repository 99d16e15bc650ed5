import type { Voice, Speech } from '../speech/speech.ts';
import type { Handset } from '../personas/persona.ts';
import type { PhoneLine } from './phone-line.ts';

/** What a person does and hears needs of the call. */
export interface PersonHost {
  readonly line: PhoneLine;
  readonly speech: Speech;
  readonly voice: Voice;
  hangUp(): void;
  press(digit: string): void;
  /** What was heard so far, and waiting for more of it. */
  heardWords(): string;
  heardMs(): number;
  until<T>(check: () => T | undefined, what: string, withinMs: number): Promise<T>;
}

/** The person on the phone: moved by a persona, by a test, or by both. */
export class SimulatedPerson {
  readonly #host: PersonHost;
  #silences = 0;

  constructor(host: PersonHost) {
    this.#host = host;
  }

  /** @returns whether it was said to the end, once it was said or cut */
  async says(text: string): Promise<boolean> {
    const silences = this.#silences;
    const { audio } = await this.#host.speech.say(text, this.#host.voice);
    return silences === this.#silences && this.#host.line.personSays(audio);
  }

  /** As `says`, with audio: µ-law, 8 kHz. */
  plays(audio: Uint8Array): Promise<boolean> {
    return this.#host.line.personSays(audio);
  }

  /** Stops in mid-word; what waits to be said is forgotten. */
  fallsSilent(): void {
    this.#silences++;
    this.#host.line.personFallsSilent();
  }

  /** Presses keys; the agent's end gets a `dtmf` message for each. */
  presses(digits: string): void {
    for (const digit of digits) this.#host.press(digit);
  }

  hangsUp(): void {
    this.#host.hangUp();
  }

  /**
   * Waits until the person has heard something of the agent.
   *
   * @param what `ms` of audio that the agent sent, counted from this moment; or `words`, matched against
   *             all captions heard in this call, joined by spaces
   * @throws Error when the time is up or the call ends before
   */
  async hears(what: { readonly ms: number } | { readonly words: RegExp }, withinMs = 30_000): Promise<void> {
    if ('words' in what) {
      await this.#host.until(() => this.#hasHeard(what.words), `the words ${what.words}`, withinMs);
      return;
    }
    const goalMs = this.#host.heardMs() + what.ms;
    const isReached = () => (this.#host.heardMs() >= goalMs ? true : undefined);
    await this.#host.until(isReached, `${what.ms} ms of audio`, withinMs);
  }

  #hasHeard(words: RegExp): true | undefined {
    return (
      new RegExp(words.source, words.flags.replace(/[gy]/gu, '')).test(this.#host.heardWords()) || undefined
    );
  }

  /** What a persona may do. */
  get handset(): Handset {
    return {
      say: (text) => this.says(text),
      play: (audio) => this.plays(audio),
      stopTalking: () => this.fallsSilent(),
      press: (digits) => this.presses(digits),
      hangUp: () => this.hangsUp(),
    };
  }
}
