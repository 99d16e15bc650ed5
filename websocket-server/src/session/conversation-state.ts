import type { OutcomeReport } from '../agent/agent-tools.ts';
import type { OwnTool } from '../agent/own-tool.ts';
import { noSecrets } from '../agent/secrets.ts';
import type { Secrets } from '../agent/secrets.ts';
import { openAuthority } from '../call/authority.ts';
import type { Authority } from '../call/authority.ts';
import type { AnsweredBy } from '../call/call.ts';
import type { CallHappening, Speaker } from '../call/call-event.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { OutcomeStatus } from '../call/outcome.ts';
import type { MachineVerdict } from '../carriers/carrier.ts';
import type { VoiceEvent } from '../voice-models/voice-model.ts';
import { unknownAnswerer } from './answerer.ts';
import type { Answerer } from './answerer.ts';
import { quietPlayback } from './playback.ts';
import type { Playback } from './playback.ts';
import { freeSlot } from './response-slot.ts';
import type { ResponseSlot } from './response-slot.ts';
import { noTurns } from './turns.ts';
import type { Turns } from './turns.ts';

/** One live conversation, as a value. */
export interface Conversation {
  readonly mode: Mode;
  readonly isPersonSpeaking: boolean;
  /** When the person began what they say or said last, monotonic ms; null when that is not known. */
  readonly spokeAt: number | null;
  /** It is the agent's turn to speak and nothing of it has been played yet. */
  readonly owesReply: boolean;
  /** The last sound on the line was the agent's. */
  readonly agentSpokeLast: boolean;
  readonly playback: Playback;
  readonly slot: ResponseSlot;
  readonly turns: Turns;
  /** Responses whose late audio must never reach the person; the latest few. */
  readonly barred: readonly string[];
  /** The response whose audio was played last. */
  readonly playedResponse: string | null;
  readonly ending: Ending | null;
  /** A fault broke the agent off in mid-sentence; it is to go on from there. */
  readonly brokenOff: string | null;
  /** What the agent is to say first when it hears the person again. */
  readonly atReturn: string | null;
  /** There is no voice session at the moment. */
  readonly isVoiceless: boolean;
  /** How long the reply to the person's last words takes, while that is being measured. */
  readonly reply: Reply | null;
  /** The agent's tool call that waits for its owner's answer. */
  readonly question: { readonly toolCallId: string; readonly isTool?: boolean } | null;
  /** Questions that the agent has put to its owner so far. */
  readonly questionsAsked: number;
  /** What the agent may do; the same from the first moment to the last. */
  readonly authority: Authority;
  readonly secrets: Secrets;
  /** What the owner gave the agent to use. */
  readonly ownTools: readonly OwnTool[];
  /** Calls of the owner's tools that are being answered elsewhere. */
  readonly runningTools: readonly string[];
  /** Keys to press as soon as the agent has been heard out. */
  readonly keysToPress: KeysToPress | null;
  /** The owner's keys that wait for those. */
  readonly keysAfter: readonly KeysToPress[];
  readonly isPressing: boolean;
  /** Times in a row that a silent person was asked whether they are there. */
  readonly prompts: number;
  /** Times in a row that a silent model was asked again. */
  readonly retries: number;
  /** Responses in a row that failed. */
  readonly failures: number;
  /** What the agent last reported of the goal. */
  readonly outcomeStatus: OutcomeStatus | null;
  readonly answerer: Answerer;
  /** The person has not heard yet that the agent is an AI, and is to. */
  readonly isDisclosureDue: boolean;
  /** Times that the agent was reminded of it. */
  readonly disclosureReminders: number;
  /** There is a human to whom the call can be handed. */
  readonly canHandOver: boolean;
  /** Grows with each thing that restarts the watch for silence. */
  readonly activity: number;
}

export interface KeysToPress {
  /** The agent's tool call; null when the owner presses. */
  readonly toolCallId: string | null;
  /** For a secret, its shown form. */
  readonly digits: string;
  /** The secret to press in place of `digits`. */
  readonly secret?: string | null;
}

/** Times are monotonic ms; the rest is ms since the person fell silent. */
export interface Reply {
  readonly stoppedAt: number;
  readonly itemId?: string;
  /** Until the first audio came from the model. */
  readonly modelMs?: number;
  /** Until it had been handed to the carrier. */
  readonly sentMs?: number;
  /** The mark that tells when it is heard. */
  readonly markName?: string;
}

/**
 * Who may speak: before the line is open nobody; `silent` is hold, menus and recordings; at a `voicemail` only the
 * message is heard; `taken-over` is the owner talking in the agent's place, `held` the agent kept quiet by its owner;
 * `away`: the person is rung through to another phone; `over` is for good.
 */
export type Mode =
  | 'waiting'
  | 'greeting'
  | 'talking'
  | 'silent'
  | 'voicemail'
  | 'taken-over'
  | 'held'
  | 'ending'
  | 'away'
  | 'over';

/** The owner keeps the agent quiet: voice detection may start what it likes, nothing of it is heard. */
export function isKeptQuiet({ mode }: Conversation): boolean {
  return mode === 'taken-over' || mode === 'held';
}

export interface Ending {
  readonly endReason: EndReason;
  /** The agent was told to say goodbye, because it wanted to hang up without a word. */
  readonly isGoodbyeAsked: boolean;
  /** What it is told then, and again when the person talks into it; a plain goodbye, where it is left out. */
  readonly goodbyeWords?: string;
  /** The person's words can still turn it into talk again. */
  readonly isRevocable: boolean;
}

export const newConversation: Conversation = {
  mode: 'waiting',
  isPersonSpeaking: false,
  spokeAt: null,
  owesReply: false,
  agentSpokeLast: false,
  playback: quietPlayback,
  slot: freeSlot,
  turns: noTurns,
  barred: [],
  playedResponse: null,
  ending: null,
  brokenOff: null,
  atReturn: null,
  isVoiceless: false,
  reply: null,
  question: null,
  questionsAsked: 0,
  authority: openAuthority,
  secrets: noSecrets,
  ownTools: [],
  runningTools: [],
  keysToPress: null,
  keysAfter: [],
  isPressing: false,
  prompts: 0,
  retries: 0,
  failures: 0,
  outcomeStatus: null,
  answerer: unknownAnswerer,
  isDisclosureDue: false,
  disclosureReminders: 0,
  canHandOver: false,
  activity: 0,
};

/** What happens to a conversation. */
export type ConversationInput =
  | Exclude<VoiceEvent, { readonly type: 'usage' }>
  /** Both ends are there: the phone's audio and the voice model. */
  | { readonly type: 'line-opened'; readonly greets: 'at-once' | 'after-a-moment' }
  /** The model was asked on the side who is there, and says so. */
  | { readonly type: 'answerer-heard'; readonly who: AnsweredBy }
  /** The carrier says who answered. */
  | { readonly type: 'answerer-detected'; readonly found: MachineVerdict }
  | { readonly type: 'mark-reached'; readonly name: string }
  | { readonly type: 'digit'; readonly digit: string }
  | {
      readonly type: 'keys-pressed';
      readonly toolCallId: string | null;
      readonly problem: string | undefined;
    }
  | { readonly type: 'timer'; readonly name: TimerName }
  /** The voice session broke off; another is being opened. */
  | { readonly type: 'voice-lost' }
  /** Another voice session has taken over and knows the words so far. */
  | { readonly type: 'voice-resumed' }
  /** The media stream broke off; the phone leg may still be there. */
  | { readonly type: 'stream-lost' }
  | { readonly type: 'stream-resumed' }
  | { readonly type: 'tools-changed'; readonly ownTools: readonly OwnTool[] }
  | { readonly type: 'tool-finished'; readonly toolCallId: string; readonly output: string }
  /** Nobody took the call that was to be handed over: the person comes back. */
  | { readonly type: 'transfer-failed' }
  /** The owner answers the agent's question. */
  | { readonly type: 'owner-answered'; readonly questionId: string; readonly answer: string }
  | { readonly type: 'steered'; readonly steering: Steering }
  /** The call has to end soon: the agent is to take its leave. */
  | { readonly type: 'leave'; readonly endReason: EndReason }
  /** The phone leg is gone; words may still come. */
  | { readonly type: 'line-closed' }
  /** No more words are waited for. */
  | { readonly type: 'finished' };

export type TimerName =
  'greeting' | 'machine' | 'owner' | 'silence' | 'wait' | 'goodbye' | 'time-nearly-up' | 'time-up';

/** How the owner may take a hand in a live call. */
export type Steering =
  /** The agent says these words to the person. */
  | { readonly action: 'say'; readonly text: string }
  /** The agent is told something that the person does not hear. */
  | { readonly action: 'guide'; readonly text: string }
  | { readonly action: 'press'; readonly digits: string }
  /** The agent keeps quiet until `resume`. */
  | { readonly action: 'hold' }
  | { readonly action: 'resume' }
  /** The owner talks to the person; the agent listens and says nothing. */
  | { readonly action: 'take_over' }
  | { readonly action: 'give_back' };

/** What to do about it. */
export type Command =
  | { readonly type: 'clear-carrier' }
  | { readonly type: 'truncate-item'; readonly itemId: string; readonly heardMs: number }
  | { readonly type: 'delete-item'; readonly itemId: string }
  | {
      readonly type: 'request-response';
      readonly requestId: string;
      readonly instructions: string | undefined;
    }
  /** Asks the model on the side who is there; the answer comes as `answerer-heard`. */
  | { readonly type: 'ask-who-answered' }
  | { readonly type: 'cancel-response'; readonly responseId: string | undefined }
  | { readonly type: 'answer-tool'; readonly toolCallId: string; readonly output: string }
  | { readonly type: 'add-text'; readonly role: 'person' | 'system'; readonly text: string }
  | { readonly type: 'record'; readonly happening: CallHappening }
  | { readonly type: 'report-outcome'; readonly report: OutcomeReport }
  | { readonly type: 'hint'; readonly turnId: string; readonly speaker: Speaker; readonly text: string }
  | {
      readonly type: 'ask-owner';
      readonly questionId: string;
      readonly question: string;
      readonly patienceMs: number;
    }
  /** Asks elsewhere; the answer comes as `tool-finished`. */
  | { readonly type: 'run-tool'; readonly tool: OwnTool; readonly request: OwnToolRequest }
  | ({ readonly type: 'press-digits' } & KeysToPress)
  /** Put the person's number on the do-not-call list. */
  | { readonly type: 'bar-number' }
  /** Hand the call to the owner when it ends. */
  | { readonly type: 'hand-over' }
  | { readonly type: 'start-timer'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'stop-timer'; readonly name: TimerName }
  | { readonly type: 'hang-up'; readonly endReason: EndReason }
  /** The person knows that they are being put through: now do it. */
  | { readonly type: 'put-through' }
  /** Speak through the carrier, since the voice model cannot, and hang up. */
  | { readonly type: 'apologise'; readonly endReason: EndReason };

export interface OwnToolRequest {
  readonly toolCallId: string;
  readonly name: string;
  /** As the model wrote them. */
  readonly arguments: string;
}

export interface Step {
  readonly state: Conversation;
  readonly commands: readonly Command[];
}

export function step(state: Conversation, ...commands: readonly Command[]): Step {
  return { state, commands };
}

/** One decision after another; their commands follow each other. */
export function followedBy(first: Step, next: (state: Conversation) => Step): Step {
  const second = next(first.state);
  return { state: second.state, commands: [...first.commands, ...second.commands] };
}
