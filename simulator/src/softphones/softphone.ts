import { bytesPerMs } from '../speech/mulaw.ts';
import type { Handset, PersonInCall } from '../personas/persona.ts';
import type { HeldCall } from './held-call.ts';
import type { FromSoftphone, ToSoftphone } from './softphone-wire.ts';

/** Where a phone's words and audio go. */
export interface SoftphoneLine {
  send(message: ToSoftphone): void;
  /** @param audio µ-law, 8 kHz, 20 ms */
  sendAudio(audio: Uint8Array): void;
}

/** More of the microphone than this waits for nobody: what comes on top is dropped, so that talk never lags. */
const mostWaitingMs = 200;

/** A phone in the hands of a human: idle, ringing or in one call. */
export class Softphone {
  readonly #line: SoftphoneLine;
  #waitsFor: 'nothing' | 'own-number' | 'every-number' = 'nothing';
  #call: HeldCall | undefined;
  #handset: Handset | undefined;
  #waitingMs = 0;
  #sayings = 0;

  constructor(line: SoftphoneLine) {
    this.#line = line;
  }

  /** Whether it can be rung right now. */
  get isOnHook(): boolean {
    return this.#call === undefined;
  }

  ringsFor(number: string, isOwnNumber: (number: string) => boolean): boolean {
    if (this.#waitsFor === 'nothing') return false;
    return this.#waitsFor === 'every-number' || isOwnNumber(number);
  }

  /** Rings here, or is being dialed from here. */
  takeUp(call: HeldCall, message: ToSoftphone): void {
    this.#call = call;
    this.#line.send(message);
  }

  /** The line is up. */
  connected(handset: Handset): PersonInCall {
    this.#handset = handset;
    this.#waitingMs = 0;
    this.#sayings = 0;
    this.#line.send({ type: 'connected' });
    return {
      tick: ({ audio }) => {
        if (audio !== undefined) this.#line.sendAudio(audio);
      },
      cleared: () => this.#line.send({ type: 'clear' }),
    };
  }

  ended(by: Extract<ToSoftphone, { type: 'ended' }>['by']): void {
    this.#call = undefined;
    this.#handset = undefined;
    this.#line.send({ type: 'ended', by });
  }

  /** The phone is gone. */
  unplugged(): void {
    const call = this.#call;
    this.#call = undefined;
    this.#handset = undefined;
    call?.lost(this);
  }

  /** What the human does; what makes no sense at the moment is ignored, as on a phone. */
  does(message: Exclude<FromSoftphone, { type: 'dial' }>): void {
    switch (message.type) {
      case 'wait-for-calls':
        this.#waitsFor = message.to;
        return;
      case 'answer':
        return this.#call?.answer(this);
      case 'decline':
      case 'hang-up':
        return this.#call?.hangUp(this);
      case 'say':
        return void this.#say(message.text);
      case 'press':
        return this.#handset?.press(message.digits);
    }
  }

  /** The microphone: not heard while a text is being said, since two voices at once are understood by nobody. */
  talks(audio: Uint8Array): void {
    if (this.#handset === undefined || this.#sayings > 0 || this.#waitingMs > mostWaitingMs) return;
    const ms = audio.length / bytesPerMs;
    this.#waitingMs += ms;
    void this.#handset.play(audio).then(() => (this.#waitingMs -= ms));
  }

  async #say(text: string): Promise<void> {
    const handset = this.#handset;
    if (handset === undefined) return;
    this.#sayings++;
    const isWhole = await handset.say(text).catch(() => false);
    if (this.#handset !== handset) return;
    this.#sayings--;
    this.#line.send({ type: 'said', text, isWhole });
  }
}
