import type { Persona } from '../personas/persona.ts';
import type { CallState } from './call-order.ts';

/** A call on its way to a phone, as far as dialing needs it. */
export interface DialedCall {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly persona: Persona;
  /** How long the phone may ring, and after how long the persona does with it what it does. */
  readonly ringTimeoutMs: number;
  readonly ringsForMs: number;
  after(ms: number, act: () => void): void;
  initiated(): void;
  ringing(): void;
  answer(): void;
  isAnswered(): boolean;
  end(state: CallState, by: 'person' | 'network', sipResponseCode: number): void;
}

/** Dials: initiated, ringing, and then what the persona makes of it. */
export function dial(call: DialedCall): void {
  call.after(20, () => {
    call.initiated();
    if (call.persona.pickUp === 'unreachable')
      return call.after(200, () => call.end('failed', 'network', 404));
    call.after(80, () => {
      call.ringing();
      if (call.persona.ring) ringInHand(call);
      else ringByItself(call);
    });
  });
}

function ringByItself(call: DialedCall): void {
  const { ringTimeoutMs, ringsForMs } = call;
  if (ringTimeoutMs <= ringsForMs)
    return call.after(ringTimeoutMs, () => call.end('no-answer', 'network', 487));
  call.after(ringsForMs, () => {
    if (call.persona.pickUp === 'answers') call.answer();
    else if (call.persona.pickUp === 'busy') call.end('busy', 'network', 486);
    else call.end('no-answer', 'network', 480);
  });
}

/** Somebody has the phone in the hand and decides. */
function ringInHand(call: DialedCall): void {
  call.after(call.ringTimeoutMs, () => {
    if (!call.isAnswered()) call.end('no-answer', 'network', 487);
  });
  let isDecided = false;
  const once = (act: () => void) => () => {
    if (isDecided) return;
    isDecided = true;
    act();
  };
  call.persona.ring?.({
    sid: call.sid,
    from: call.from,
    to: call.to,
    answer: once(() => call.answer()),
    // 603 Decline: what tells a person's no from a busy line (RFC 3261, section 21.6.2).
    decline: once(() => call.end('busy', 'person', 603)),
  });
}
