import type { AnsweredBy, VoicemailRule } from '../call/call.ts';

/** Who or what has answered, and how far the rule for voicemails has been carried out. */
export interface Answerer {
  readonly rule: VoicemailRule;
  readonly verdict: AnsweredBy | null;
  /** The agent has said what it hears: what the carrier says later changes nothing. */
  readonly isAgentSure: boolean;
  /** Somebody has answered what the agent said. */
  readonly hasAnswered: boolean;
  /**
   * `machine`: the carrier takes it for one, and nobody knows which; `greeting`: a voicemail is talking and the
   * message has to wait; `message`: the message is being left.
   */
  readonly phase: 'open' | 'machine' | 'greeting' | 'message';
  /** The carrier has heard the beep. */
  readonly hasBeeped: boolean;
  /** The one response that may be heard as the message; null before it began. */
  readonly messageResponse: string | null;
  /** The model broke off in mid-message: what is on the recorder is only the beginning of it. */
  readonly isMessageCut: boolean;
  /** Times that the message was begun anew. */
  readonly messageRepeats: number;
  /** Somebody talks while the message is left, and it is not known yet whether that is a human. */
  readonly isTalkedInto: boolean;
  /** When the message was asked for, monotonic ms. */
  readonly messageSince: number;
}

export const unknownAnswerer: Answerer = {
  rule: { action: 'hang_up' },
  verdict: null,
  isAgentSure: false,
  hasAnswered: false,
  phase: 'open',
  hasBeeped: false,
  messageResponse: null,
  isMessageCut: false,
  messageRepeats: 0,
  isTalkedInto: false,
  messageSince: 0,
};

/**
 * A response came to no proper end: voice detection takes noise for a person and has the model break off (OpenAI Realtime
 * reference, `turn_detection.interrupt_response`), a response fails, a voice session drops.
 */
export function brokenOff(answerer: Answerer, responseId: string | null): Answerer {
  const isMessage = answerer.phase === 'message' && responseId !== null;
  return isMessage && answerer.messageResponse === responseId
    ? { ...answerer, isMessageCut: true }
    : answerer;
}
