import type { Call, RecordingStorage } from '../call/call.ts';
import type { Carrier } from '../carriers/carrier.ts';
import type { Runtime } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { RecordingFiles, StoredRecording } from '../storage/recording-files.ts';

export interface RecordingSettings {
  /** Calls may be recorded at all. */
  readonly isOn: boolean;
  readonly storage: RecordingStorage;
  readonly keptDays: number;
}

const sweepMs = 6 * 60 * 60 * 1000;
const fetchPausesMs = [0, 2000, 10_000];
/** After a restart, recordings of calls that ended within this time are asked for, in so many pages of calls. */
const takenUpMs = 3 * 24 * 60 * 60 * 1000;
const pagesTakenUp = 5;
const callsPerPage = 200;
/** All tries of fetching one are over within this time. */
const fetchingMs = 5 * 60_000;

/** Recordings of calls: fetched from the carrier, kept for some days, and deleted there. */
export class Recordings {
  readonly #settings: RecordingSettings;
  readonly #carrier: Carrier;
  readonly #files: RecordingFiles;
  readonly #runtime: Runtime;
  /** What the simulated phone network records of each call, by the carrier's id; undefined with a real one. */
  readonly #demoFiles: RecordingFiles | undefined;
  /** Calls whose recording may be on its way here though it was removed. */
  readonly #removed = new Set<string>();
  readonly #beingFetched = new Set<string>();
  #isStopped = false;
  #stopSweeping: () => void = () => {};

  constructor(
    settings: RecordingSettings,
    carrier: Carrier,
    files: RecordingFiles,
    runtime: Runtime,
    demoFiles?: RecordingFiles,
  ) {
    this.#settings = settings;
    this.#carrier = carrier;
    this.#files = files;
    this.#demoFiles = demoFiles;
    this.#runtime = runtime;
  }

  get isOn(): boolean {
    return this.#settings.isOn;
  }

  get storage(): RecordingStorage {
    return this.#settings.storage;
  }

  of(callId: string): Promise<StoredRecording | undefined> {
    return this.#files.of(callId);
  }

  /** The carrier has a recording of a call ready: unless it is to stay there, it is fetched, kept, and deleted there. */
  async fetch(call: Call, recordingId: string): Promise<void> {
    if (call.recording?.recordingId === recordingId) await this.#fetch(call, fetchPausesMs);
  }

  /** Fetches what the carrier had ready while there was nobody to be told, the newest first. */
  async takeUp(store: Pick<CallStore, 'list'>): Promise<void> {
    let before: string | undefined;
    for (let page = 0; page < pagesTakenUp && !this.#isStopped; page++) {
      const { calls, nextCursor } = await store.list({ limit: callsPerPage, before });
      for (const call of calls) if (await this.#isMissing(call)) await this.#fetch(call, [0]);
      if (nextCursor === null) return;
      before = nextCursor;
    }
  }

  async #isMissing(call: Call): Promise<boolean> {
    const { endedAt, carrier, recording, letGo } = call;
    if (recording === null || endedAt === null || letGo !== undefined) return false;
    const keptMs = this.#settings.keptDays * 24 * 60 * 60 * 1000;
    const isLately = this.#runtime.clock.now() - endedAt < Math.min(takenUpMs, keptMs);
    if (!isLately || carrier !== this.#carrier.name || this.#isStopped) return false;
    return (await this.#files.of(call.callId)) === undefined;
  }

  async #fetch(call: Call, pausesMs: readonly number[]): Promise<void> {
    const { callId, recording } = call;
    if (recording === null || recording.storage === 'carrier' || this.#beingFetched.has(callId)) return;
    this.#beingFetched.add(callId);
    try {
      for (const pauseMs of pausesMs)
        if (await this.#fetchedAfter(pauseMs, callId, recording.recordingId)) return;
    } finally {
      this.#beingFetched.delete(callId);
    }
  }

  /** @returns whether it is here, and nowhere else */
  async #fetchedAfter(pauseMs: number, callId: string, recordingId: string): Promise<boolean> {
    const { clock, log } = this.#runtime;
    if (pauseMs > 0) await new Promise<void>((resolve) => clock.after(pauseMs, resolve));
    try {
      const audio = await this.#carrier.fetchRecording(recordingId);
      if (!this.#removed.has(callId)) await this.#files.keep(callId, audio);
      await this.#carrier.deleteRecording(recordingId);
      return true;
    } catch (err) {
      log.warn('a recording could not be fetched', { callId, recordingId, err });
      return false;
    }
  }

  /**
   * Removes what was recorded of a call, here and at the carrier.
   *
   * @returns whether there was anything here, and whether the carrier may still have it
   */
  async remove(call: Call): Promise<{ readonly wasHere: boolean; readonly isLeftAtCarrier: boolean }> {
    const { clock, log } = this.#runtime;
    this.#removed.add(call.callId);
    clock.after(fetchingMs, () => this.#removed.delete(call.callId));
    const wasHere = await this.#files.remove(call.callId);
    if (call.carrierCallId !== null) await this.#demoFiles?.remove(call.carrierCallId);
    if (call.recording === null) return { wasHere, isLeftAtCarrier: false };
    try {
      await this.#carrier.deleteRecording(call.recording.recordingId);
      return { wasHere, isLeftAtCarrier: false };
    } catch (err) {
      log.warn('a recording could not be deleted at the carrier', { callId: call.callId, err });
      return { wasHere, isLeftAtCarrier: true };
    }
  }

  /** Deletes what has been kept long enough, now and a few times a day. */
  sweep(): void {
    const { clock, log } = this.#runtime;
    this.#stopSweeping = clock.after(sweepMs, () => this.sweep());
    this.#files.sweep(this.#settings.keptDays, clock.now()).then(
      (deleted) => deleted > 0 && log.info('old recordings deleted', { deleted }),
      (err: unknown) => log.warn('old recordings could not be deleted', { err }),
    );
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopSweeping();
  }
}
