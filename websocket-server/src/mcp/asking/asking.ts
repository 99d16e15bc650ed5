import type { OpenQuestion } from '../../call/call.ts';

/** What the client's user did with a question. */
export type UserReply =
  { readonly action: 'answered'; readonly answer: string } | { readonly action: 'refused' };

/** A question that came back with the user's reply, or with none: the client may send the request without one. */
export interface BroughtBack {
  readonly callId: string;
  readonly questionId: string;
  readonly reply: UserReply | null;
}

/** How the user who sits behind the client of one request is reached with the agent's question. */
export interface UserAsking {
  /** Set when the client sends a request again because its answer was a question (2026-07-28). */
  readonly broughtBack: BroughtBack | null;
  /** What the client can do about a question: nothing, ask while the request waits, or ask by its answer. */
  readonly way: AskingWay;
  /** Whether this client's user has turned the question away. It is then never put to them again. */
  isRefused(callId: string, questionId: string): boolean;
  refuse(callId: string, questionId: string): void;
  /** Whether this client's user has the question before them, by another request. */
  isShown(callId: string, questionId: string): boolean;
  show(callId: string, questionId: string): void;
  /** The form is away, be it answered or not. */
  hide(callId: string, questionId: string): void;
}

export type AskingWay =
  | { readonly kind: 'none' }
  /** 2025: the server asks, and waits for the reply. */
  | {
      readonly kind: 'request';
      /** @param signal takes the question back; the promise is then rejected */
      ask(question: OpenQuestion, signal: AbortSignal): Promise<UserReply>;
    }
  /** 2026-07-28: the request is answered with an `Asking`, and comes again with the reply. */
  | { readonly kind: 'answer' };

/** The answer of a tool that needs the user's. */
export class Asking {
  readonly callId: string;
  readonly question: OpenQuestion;

  constructor(callId: string, question: OpenQuestion) {
    this.callId = callId;
    this.question = question;
  }
}
