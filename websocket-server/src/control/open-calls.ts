import { noSecrets } from '../agent/secrets.ts';
import type { Call } from '../call/call.ts';
import type { Carrier } from '../carriers/carrier.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { SettingsBook } from '../settings/settings-book.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { VoiceModel } from '../voice-models/voice-model.ts';
import type { CallFeed } from './call-feed.ts';
import type { MeterSettings } from './call-meter.ts';
import { OpenCall } from './open-call.ts';
import type { HonestySettings } from './open-call-parts.ts';
import type { Recordings } from './recordings.ts';
import type { StreamClaims } from './stream-claims.ts';
import { askToolWebhook } from './tool-webhook.ts';

export interface OpenCallsParts {
  readonly carrier: Carrier;
  readonly voiceModel: VoiceModel;
  readonly store: Pick<CallStore, 'callByCarrierId'>;
  readonly feed: CallFeed;
  readonly claims: StreamClaims;
  readonly honesty: HonestySettings;
  readonly ownerNumber: string | null;
  /** What requests to own tools are signed with; empty: they are not. */
  readonly toolSecrets: readonly string[];
  readonly detectsMachines: boolean;
  readonly recordings: Pick<Recordings, 'storage'>;
  readonly settings: Pick<SettingsBook, 'current'>;
  readonly meterOf: (call: Call) => MeterSettings;
  /** A call is over and its record complete. */
  readonly onOver: (callId: string) => void;
  readonly runtime: Runtime;
}

/** The calls that go on in this process, by our id or by the carrier's. */
export class OpenCalls {
  readonly #parts: OpenCallsParts;
  readonly #calls = new Map<string, OpenCall>();

  constructor(parts: OpenCallsParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#calls.size;
  }

  get ids(): readonly string[] {
    return [...this.#calls.keys()];
  }

  get all(): readonly OpenCall[] {
    return [...this.#calls.values()];
  }

  /** Audio that the carrier and the model have not taken yet. */
  get waitingAudioBytes(): { readonly toPerson: number; readonly toModel: number } {
    let toPerson = 0;
    let toModel = 0;
    for (const { waitingBytes } of this.#calls.values()) {
      toPerson += waitingBytes.toPerson;
      toModel += waitingBytes.toModel;
    }
    return { toPerson, toModel };
  }

  get(callId: string): OpenCall | undefined {
    return this.#calls.get(callId);
  }

  /**
   * @param callId where the carrier tells it; else the carrier's own id finds the call
   * @returns undefined also where that call is another one of the carrier's, such as the other phone of a transfer
   */
  find(callId: string | undefined, carrierCallId: string): OpenCall | undefined {
    if (callId === undefined) return this.all.find((call) => call.carrierCallId === carrierCallId);
    const call = this.#calls.get(callId);
    const isAnother = call !== undefined && ![null, carrierCallId].includes(call.carrierCallId);
    return isAnother ? undefined : call;
  }

  /** Takes up a call that is begun in the feed, until it is over. */
  take(call: Call, secrets = noSecrets): OpenCall {
    const { carrier, voiceModel, feed, claims, honesty, ownerNumber, detectsMachines } = this.#parts;
    const { store, settings, runtime, toolSecrets } = this.#parts;
    const open = new OpenCall(call, {
      secrets,
      carrier,
      voiceModel,
      feed,
      claims,
      meter: this.#parts.meterOf(call),
      recordingStorage: this.#parts.recordings.storage,
      honesty,
      ownerNumber,
      clock: runtime.clock,
      log: runtime.log,
      tally: runtime.tally,
      detectsMachines,
      agentDefaults: () => settings.current,
      runTool: async (tool, request) =>
        tool.answer.by === 'webhook' ? askToolWebhook(tool.answer, request, runtime, toolSecrets) : '',
      isOthers: async (carrierCallId, callId) => {
        const owner = await store.callByCarrierId(carrier.name, carrierCallId);
        return owner !== undefined && owner.callId !== callId;
      },
      onOver: () => this.#letGo(call.callId),
    });
    this.#calls.set(call.callId, open);
    return open;
  }

  #letGo(callId: string): void {
    this.#calls.delete(callId);
    this.#parts.onOver(callId);
  }
}
