import type { SoftphoneFrame } from './softphone-frame.ts';

/** The phone in this page, as a value. */
export interface PhoneState {
  /** Whether the network knows of this phone at the moment. */
  readonly link: 'connecting' | 'plugged-in' | 'lost';
  /** What it is rung at; undefined until the network has told. */
  readonly number: string | undefined;
  /** What it can dial; null when nobody is there. */
  readonly agentNumber: string | null;
  readonly line: PhoneLine;
}

export type PhoneLine =
  | { readonly is: 'idle' }
  | {
      readonly is: 'ringing' | 'dialing' | 'answering';
      readonly carrierCallId: string;
      readonly other: string;
    }
  | {
      readonly is: 'connected';
      readonly carrierCallId: string;
      readonly other: string;
      /** ms since 1970. */
      readonly since: number;
      /** Typed and being spoken, oldest first. */
      readonly saying: readonly string[];
    }
  | {
      readonly is: 'ended';
      readonly carrierCallId: string;
      readonly other: string;
      readonly why: 'you' | 'other-end' | 'other-phone' | 'lost';
      readonly wasConnected: boolean;
    };

export type PhoneInput =
  | SoftphoneFrame
  | { readonly type: 'link-lost' }
  | { readonly type: 'answered-here' }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'put-away' };

export const newPhone: PhoneState = {
  link: 'connecting',
  number: undefined,
  agentNumber: null,
  line: { is: 'idle' },
};

/** @param now ms since 1970 */
export function foldPhone(state: PhoneState, input: PhoneInput, now: number): PhoneState {
  const { line } = state;
  switch (input.type) {
    case 'waiting':
      return { ...state, link: 'plugged-in', number: input.number, agentNumber: input.agentNumber };
    case 'link-lost':
      return { ...state, link: 'lost', line: ended(line, 'lost') };
    case 'ringing':
      return withLine(state, { is: 'ringing', carrierCallId: input.carrierCallId, other: input.from });
    case 'dialing':
      return withLine(state, { is: 'dialing', carrierCallId: input.carrierCallId, other: input.to });
    case 'answered-here':
      return line.is === 'ringing' ? withLine(state, { ...line, is: 'answering' }) : state;
    case 'connected': {
      if (line.is === 'idle' || line.is === 'ended' || line.is === 'connected') return state;
      const { carrierCallId, other } = line;
      return withLine(state, { is: 'connected', carrierCallId, other, since: now, saying: [] });
    }
    case 'typed':
      return line.is === 'connected'
        ? withLine(state, { ...line, saying: [...line.saying, input.text] })
        : state;
    case 'said':
      return line.is === 'connected' ? withLine(state, { ...line, saying: line.saying.slice(1) }) : state;
    case 'ended':
      return withLine(state, ended(line, input.by));
    case 'put-away':
      return line.is === 'ended' ? withLine(state, { is: 'idle' }) : state;
    case 'clear':
      return state;
  }
}

function withLine(state: PhoneState, line: PhoneLine): PhoneState {
  return { ...state, line };
}

function ended(line: PhoneLine, why: Extract<PhoneLine, { is: 'ended' }>['why']): PhoneLine {
  if (line.is === 'idle' || line.is === 'ended') return line;
  const { carrierCallId, other } = line;
  return { is: 'ended', carrierCallId, other, why, wasConnected: line.is === 'connected' };
}
