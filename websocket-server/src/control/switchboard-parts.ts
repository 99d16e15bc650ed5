import type { Carrier } from '../carriers/carrier.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { SettingsBook } from '../settings/settings-book.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { HolderRequests } from '../storage/holder-requests.ts';
import type { ServerInstances } from '../storage/server-instances.ts';
import type { UnsettledWords } from '../storage/unsettled-words.ts';
import type { VoiceModel } from '../voice-models/voice-model.ts';
import type { Audit } from './audit-log.ts';
import type { InboundSettings } from './inbound-desk.ts';
import type { HonestySettings } from './open-call-parts.ts';
import type { LimitsReading } from './policy/limits-book.ts';
import type { PriceList } from './prices.ts';
import type { Recordings } from './recordings.ts';

/** What the switchboard is made of. */
export interface SwitchboardParts {
  readonly carrier: Carrier;
  readonly voiceModel: VoiceModel;
  readonly store: CallStore;
  readonly limits: LimitsReading;
  readonly honesty: HonestySettings;
  /** The number that calls go out from unless the client names another; null when none is configured. */
  readonly defaultFrom: string | null;
  /** Where a call is transferred to when no number is named; null: nowhere. */
  readonly ownerNumber: string | null;
  /** Where else a call may be transferred to. */
  readonly transferNumbers: readonly string[];
  readonly inbound: InboundSettings;
  readonly recordings: Recordings;
  /** What requests to own tools are signed with; empty: they are not. */
  readonly toolSecrets: readonly string[];
  /** Whether the carrier finds out who answered. */
  readonly detectsMachines: boolean;
  readonly prices: PriceList;
  /** The models that a call uses, as their vendor names them. */
  readonly models: readonly string[];
  readonly settings: Pick<SettingsBook, 'current'>;
  readonly audit: Pick<Audit, 'note'>;
  /** The servers that share the store. */
  readonly instances: ServerInstances;
  /** What they ask of each other. */
  readonly requests: HolderRequests;
  /** What is being said in the calls that are up. */
  readonly words: UnsettledWords;
  readonly runtime: Runtime;
}
