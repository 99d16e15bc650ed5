import type { AgentDefaults } from '../agent/agent-defaults.ts';
import type { OwnTool } from '../agent/own-tool.ts';
import type { Secrets } from '../agent/secrets.ts';
import type { RecordingStorage } from '../call/call.ts';
import type { Carrier } from '../carriers/carrier.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { Tally } from '../lib/tally.ts';
import type { VoiceModel } from '../voice-models/voice-model.ts';
import type { CallFeed } from './call-feed.ts';
import type { MeterSettings } from './call-meter.ts';
import type { StreamClaims } from './stream-claims.ts';
import type { ToolRequest } from './tool-webhook.ts';

/** What the agent tells the person of itself. */
export interface HonestySettings {
  /** For whom it calls; null when that is not to be said. */
  readonly ownerName: string | null;
  readonly aiDisclosure: 'always' | 'where-required';
}

/** What an open call works with. */
export interface OpenCallParts {
  /** What this call may press without anybody reading it. */
  readonly secrets: Secrets;
  readonly carrier: Carrier;
  readonly voiceModel: VoiceModel;
  readonly feed: CallFeed;
  readonly claims: StreamClaims;
  readonly meter: MeterSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
  /** Whether the carrier finds out who answered. */
  readonly detectsMachines: boolean;
  /** How the owner wants the agent at this moment. */
  readonly agentDefaults: () => AgentDefaults;
  /** Asks one of the owner's tools elsewhere. Never rejects. */
  readonly runTool: (tool: OwnTool, request: ToolRequest) => Promise<string>;
  /** Where a recording of it stays. */
  readonly recordingStorage: RecordingStorage;
  readonly honesty: HonestySettings;
  /** The human to whom the agent hands a call unless its authority names others; null: nobody. */
  readonly ownerNumber: string | null;
  /** Whether a call at the carrier belongs to another of our calls. */
  readonly isOthers: (carrierCallId: string, callId: string) => Promise<boolean>;
  /** The call is over and its record complete. */
  readonly onOver: () => void;
}
