import type { Handset, Persona, PersonInCall, RingingCall } from '../personas/persona.ts';
import type { Softphone } from './softphone.ts';

/** A call for whoever holds a phone: it rings at several at once, and belongs to the first that answers. */
export class HeldCall {
  readonly #phones = new Set<Softphone>();
  readonly #onChange: (call: HeldCall) => void;
  #call: RingingCall | undefined;
  #holder: Softphone | undefined;
  #handset: Handset | undefined;
  #isLeaving = false;
  #isOver = false;

  /** @param onChange rings no longer */
  constructor(onChange: (call: HeldCall) => void) {
    this.#onChange = onChange;
  }

  /** The number that was dialed, while it rings. */
  get ringsAt(): string | undefined {
    return this.#holder === undefined && !this.#isOver ? this.#call?.to : undefined;
  }

  /** Who is on the line, for the network. @param onRing is to let it ring somewhere */
  persona(onRing: (call: HeldCall) => void): Persona {
    return {
      name: 'softphone',
      voice: 'rms',
      pickUp: 'answers',
      ringsForMs: 0,
      isMachine: false,
      sayings: [],
      ring: (call) => {
        this.#call = call;
        onRing(this);
      },
      meet: (handset) => this.#meet(handset),
      over: (byPerson) => this.#over(byPerson),
    };
  }

  ringAt(phone: Softphone): void {
    if (this.#call === undefined) return;
    this.#phones.add(phone);
    const { sid, from, to } = this.#call;
    phone.takeUp(this, { type: 'ringing', carrierCallId: sid, from, to });
  }

  /** The holder of the phone dials, and so has answered already. */
  dialedFrom(phone: Softphone, call: RingingCall): void {
    this.#call = call;
    this.#holder = phone;
    this.#phones.add(phone);
    phone.takeUp(this, { type: 'dialing', carrierCallId: call.sid, to: call.to });
  }

  answer(phone: Softphone): void {
    if (this.#holder !== undefined || !this.#phones.has(phone)) return;
    this.#holder = phone;
    for (const other of this.#phones) {
      if (other === phone) continue;
      this.#phones.delete(other);
      other.ended('other-phone');
    }
    this.#onChange(this);
    this.#call?.answer();
  }

  /** Hangs up, or declines for all phones that ring. */
  hangUp(phone: Softphone): void {
    if (!this.#phones.has(phone)) return;
    this.#isLeaving = true;
    if (this.#handset === undefined) this.#call?.decline();
    else this.#handset.hangUp();
  }

  /** A phone is gone without a word: the call goes on ringing elsewhere; a call that it held is over. */
  lost(phone: Softphone): void {
    if (this.#holder === phone) return this.hangUp(phone);
    this.#phones.delete(phone);
  }

  #meet(handset: Handset): PersonInCall {
    this.#handset = handset;
    if (this.#isLeaving || this.#holder === undefined) return { tick: () => handset.hangUp() };
    return this.#holder.connected(handset);
  }

  #over(byPerson: boolean): void {
    this.#isOver = true;
    this.#onChange(this);
    for (const phone of this.#phones) phone.ended(byPerson ? 'you' : 'other-end');
    this.#phones.clear();
  }
}
