import type { OwnTool } from '../agent/own-tool.ts';
import type { Secrets } from '../agent/secrets.ts';
import type { Authority } from '../call/authority.ts';
import type { Direction, VoicemailRule } from '../call/call.ts';
import type { CallHappening, CallHint } from '../call/call-event.ts';
import type { VoiceUsage } from '../call/cost.ts';
import type { Transcript } from '../call/transcript.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { Tally } from '../lib/tally.ts';
import type { VoiceModel, VoiceSettings } from '../voice-models/voice-model.ts';
import type { OwnToolRequest } from './conversation-state.ts';
import type { PhoneLeg } from './phone-leg.ts';

/** What a call's session works with. */
export interface CallSessionParts {
  readonly callId: string;
  readonly direction: Direction;
  /** What to do where a voicemail answers. */
  readonly voicemail: VoicemailRule;
  readonly voiceModel: VoiceModel;
  /** The agent has to make itself known as an AI, and is held to it. */
  readonly isDisclosureDue: boolean;
  /** There is a human to whom the call can be handed. */
  readonly canHandOver: boolean;
  readonly settings: VoiceSettings;
  readonly authority: Authority;
  readonly secrets: Secrets;
  readonly ownTools: readonly OwnTool[];
  /** Asks one of the owner's tools elsewhere. Never rejects. @returns what the agent is told */
  readonly runTool: (tool: OwnTool, request: OwnToolRequest) => Promise<string>;
  readonly phone: PhoneLeg;
  readonly record: (happening: CallHappening) => void;
  readonly hint: (hint: CallHint) => void;
  /** The voice model tells what it has used up. */
  readonly used: (usage: VoiceUsage) => void;
  /** The turns recorded so far. */
  readonly transcript: () => Transcript;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
}
