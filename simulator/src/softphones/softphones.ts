import type { Persona, RingingCall } from '../personas/persona.ts';
import { HeldCall } from './held-call.ts';
import { Softphone } from './softphone.ts';
import type { SoftphoneLine } from './softphone.ts';
import type { FromSoftphone } from './softphone-wire.ts';

/** Calls to numbers that end like this ring at a softphone where there is one. */
export const ownDigits = '0100';
/** What a softphone dials from. */
export const ownNumber = `+1415555${ownDigits}`;

export interface SoftphonesOptions {
  /** Who is at a number whose phones are all in use. */
  readonly busy: Persona;
  /** The number that softphones may dial; null: there is none. */
  readonly agentNumber: string | null;
  /** Dials that number for a persona. */
  dial(persona: Persona): RingingCall;
}

/** All phones in the hands of humans. */
export class Softphones {
  readonly #options: SoftphonesOptions;
  readonly #phones = new Set<Softphone>();
  readonly #ringing = new Set<HeldCall>();

  constructor(options: SoftphonesOptions) {
    this.#options = options;
  }

  /** @returns who is at a number, where that is a human with a phone */
  personaFor(number: string): Persona | undefined {
    const phones = [...this.#phones].filter((phone) => phone.ringsFor(number, isOwnNumber));
    if (phones.length === 0) return undefined;
    if (!phones.some((phone) => phone.isOnHook)) return this.#options.busy;
    const held = new HeldCall((call) => this.#ringing.delete(call));
    return held.persona((call) => this.#ring(call));
  }

  /** A phone is there, until it is unplugged. */
  plugIn(line: SoftphoneLine): Plugged {
    const phone = new Softphone(line);
    this.#phones.add(phone);
    return {
      does: (message) => {
        if (message.type === 'dial') return this.#dial(phone);
        phone.does(message);
        if (message.type !== 'wait-for-calls') return undefined;
        line.send({ type: 'waiting', number: ownNumber, agentNumber: this.#options.agentNumber });
        for (const call of this.#ringing) this.#ringWhereFree(call, [phone]);
        return undefined;
      },
      talks: (audio) => phone.talks(audio),
      unplug: () => {
        this.#phones.delete(phone);
        phone.unplugged();
      },
    };
  }

  #ring(call: HeldCall): void {
    this.#ringing.add(call);
    this.#ringWhereFree(call, [...this.#phones]);
  }

  #ringWhereFree(call: HeldCall, phones: readonly Softphone[]): void {
    const number = call.ringsAt;
    if (number === undefined) return;
    for (const phone of phones) if (phone.isOnHook && phone.ringsFor(number, isOwnNumber)) call.ringAt(phone);
  }

  #dial(phone: Softphone): void {
    if (!phone.isOnHook || this.#options.agentNumber === null) return;
    const held = new HeldCall(() => undefined);
    held.dialedFrom(phone, this.#options.dial(held.persona(() => undefined)));
  }
}

/** A phone's plug: what its owner does goes in here. */
export interface Plugged {
  does(message: FromSoftphone): void;
  /** @param audio of the microphone: µ-law, 8 kHz */
  talks(audio: Uint8Array): void;
  /** The phone is gone; a call that it held is hung up. */
  unplug(): void;
}

function isOwnNumber(number: string): boolean {
  return number.endsWith(ownDigits);
}
