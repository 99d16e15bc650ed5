import { isRecord } from '../live/is-record.ts';

/** Listening in to a live call, as a value. */
export interface ListeningState {
  readonly link: 'connecting' | 'listening' | 'ended' | 'lost';
  /** Who talks to the person. */
  readonly turn: 'agent' | 'asked' | 'you';
  /** Why the call could not be taken over. */
  readonly refusal: string | undefined;
}

export const notListening: ListeningState = { link: 'connecting', turn: 'agent', refusal: undefined };

export type ListeningInput =
  | { readonly type: 'listening' | 'taken-over' | 'given-back' | 'clear' | 'ended' | 'lost' | 'asked' }
  | { readonly type: 'refused'; readonly message: string };

export function foldListening(state: ListeningState, input: ListeningInput): ListeningState {
  switch (input.type) {
    case 'listening':
      return { ...notListening, link: 'listening' };
    case 'asked':
      return { ...state, turn: 'asked', refusal: undefined };
    case 'taken-over':
      return { ...state, turn: 'you' };
    case 'given-back':
      return { ...state, turn: 'agent' };
    case 'refused':
      return { ...state, turn: 'agent', refusal: input.message };
    case 'ended':
      return { ...state, link: 'ended', turn: 'agent' };
    case 'lost':
      return state.link === 'ended' ? state : { ...state, link: 'lost', turn: 'agent' };
    case 'clear':
      return state;
  }
}

const known = new Set(['listening', 'taken-over', 'given-back', 'clear', 'ended', 'refused']);

/** @returns undefined for anything that is not known here */
export function parseListeningFrame(data: string): ListeningInput | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (!isRecord(frame) || typeof frame.type !== 'string' || !known.has(frame.type)) return undefined;
  if (frame.type === 'refused' && typeof frame.message !== 'string') return undefined;
  return frame as ListeningInput;
}
