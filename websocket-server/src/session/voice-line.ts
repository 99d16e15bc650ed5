import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Chunk } from '../lib/chunk.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { Tally } from '../lib/tally.ts';
import type {
  VoiceEvent,
  VoiceListener,
  VoiceModel,
  VoiceSession,
  VoiceSettings,
} from '../voice-models/voice-model.ts';
import { HeldAudio } from './held-audio.ts';
import { WarmUp } from './warm-up.ts';

export interface VoiceLineParts {
  readonly voiceModel: VoiceModel;
  readonly settings: VoiceSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
}

/** Whoever talks over the line. */
export interface VoiceLineOwner extends VoiceListener {
  /** A session is ready. Its conversation is empty, also when it takes over from another; no audio flows yet. */
  opened(voice: VoiceSession): void;
  /** The session broke off; another is on its way. */
  lost(): void;
  /** The session nears the model's time limit, and the next one is ready: `renew` when nobody minds. */
  aged(): void;
  /** No session is to be had. */
  failed(endReason: EndReason): void;
}

interface OpenedSession {
  readonly voice: VoiceSession;
  readonly listener: VoiceListener;
  /** What it was opened with; others may be wanted by now. */
  readonly settings: VoiceSettings;
}

/** OpenAI ends a session after 60 minutes; other models have limits like it, and may announce a nearer end. */
const agedAfterMs = 50 * 60_000;
/** How long before an announced end the next session is made ready; half the time there is, where that is less. */
const agedLeadMs = 10 * 60_000;
/** Sessions in a row that broke off soon; one that held is forgiven. */
const mostLosses = 4;
const steadySessionMs = 60_000;
/** Some 20 s of audio that the model's socket does not take: from here on the oldest is dropped. */
const mostBacklogBytes = 256 * 1024;

/** The voice end of a call: one voice session after another, with the person's words kept while there is none. */
export class VoiceLine {
  readonly #parts: VoiceLineParts;
  readonly #owner: VoiceLineOwner;
  readonly #held = new HeldAudio((ms) => this.#parts.tally.add('audio-dropped', 'to-model', ms));
  #warmUp: WarmUp;
  #listener: VoiceListener | undefined;
  #settings: VoiceSettings;
  #voice: VoiceSession | undefined;
  #mayFlow = false;
  #losses = 0;
  #openedAt = 0;
  #stopAging: () => void = () => {};
  /** Opens the session that is to follow an aged one, which goes on meanwhile. */
  #nextWarmUp: WarmUp | undefined;
  #next: OpenedSession | undefined;
  /** Whose sessions broke off before they were taken. */
  readonly #lostEarly = new WeakSet<VoiceListener>();

  constructor(parts: VoiceLineParts, owner: VoiceLineOwner) {
    this.#parts = parts;
    this.#owner = owner;
    this.#settings = parts.settings;
    this.#warmUp = this.#openFirst();
  }

  get session(): VoiceSession | undefined {
    return this.#voice;
  }

  /** Bytes that wait to be taken by the model. */
  get waitingBytes(): number {
    return this.#voice?.backlogBytes ?? 0;
  }

  /** Somebody waits for the model from here on. */
  answered(): void {
    this.#warmUp.answered();
  }

  /** Lets audio through to the session; what was kept goes first. */
  flow(): void {
    this.#mayFlow = true;
    this.#flush();
  }

  /** Goes on under other settings: in this session as far as the model can, and in each that follows. */
  reconfigure(settings: VoiceSettings): void {
    this.#settings = settings;
    if (this.#parts.voiceModel.capabilities.reconfigures) this.#voice?.reconfigure(settings);
  }

  append(chunk: Chunk): void {
    const voice = this.#voice;
    if (voice === undefined || !this.#mayFlow || voice.backlogBytes > mostBacklogBytes) {
      return this.#held.keep(chunk);
    }
    this.#flush();
    voice.append(chunk);
  }

  /** Leaves the session for the next one, if that is ready. */
  renew(): void {
    const next = this.#next;
    if (next === undefined) return;
    this.#leave();
    this.#take(next);
  }

  close(): void {
    this.#warmUp.stop();
    this.#leave();
    this.#dropNext();
  }

  #openFirst(): WarmUp {
    return this.#open(
      (opened) => this.#take(opened),
      (reason) => this.#owner.failed(reason),
    );
  }

  #open(opened: (session: OpenedSession) => void, failed: (reason: EndReason) => void): WarmUp {
    const listener: VoiceListener = {
      audio: (itemId, responseId, chunk) => {
        if (this.#listener === listener) this.#owner.audio(itemId, responseId, chunk);
      },
      event: (event) => {
        if (this.#listener === listener) {
          if (isLoss(event)) this.#lost();
          else this.#owner.event(event);
        } else if (isLoss(event)) {
          this.#lostEarly.add(listener);
          if (this.#next?.listener === listener) this.#nextLost();
        }
      },
    };
    const settings = this.#settings;
    return new WarmUp({ ...this.#parts, settings }, listener, {
      opened: (voice) => opened({ voice, listener, settings }),
      failed,
    });
  }

  #take({ voice, listener, settings }: OpenedSession): void {
    this.#next = undefined;
    this.#listener = listener;
    if (this.#lostEarly.has(listener)) return this.#lost();
    this.#voice = voice;
    if (settings !== this.#settings) this.reconfigure(this.#settings);
    this.#openedAt = this.#parts.clock.elapsed();
    this.#stopAging = this.#parts.clock.after(this.#agesInMs(voice), () => this.#prepareNext());
    this.#owner.opened(voice);
  }

  #agesInMs({ expiresAt }: VoiceSession): number {
    const leftMs = expiresAt === null ? 0 : expiresAt - this.#parts.clock.now();
    // An end that has passed says that the clocks differ.
    if (leftMs <= 0) return agedAfterMs;
    return Math.min(agedAfterMs, Math.max(leftMs - agedLeadMs, leftMs / 2));
  }

  #prepareNext(): void {
    this.#nextWarmUp = this.#open(
      (opened) => {
        this.#next = opened;
        if (this.#lostEarly.has(opened.listener)) this.#nextLost();
        else this.#owner.aged();
      },
      (reason) => this.#parts.log.warn('no voice session to follow an aged one', { why: reason.why }),
    );
  }

  #nextLost(): void {
    this.#dropNext();
    this.#stopAging = this.#parts.clock.after(steadySessionMs, () => this.#prepareNext());
  }

  #dropNext(): void {
    this.#nextWarmUp?.stop();
    this.#next?.voice.close();
    this.#next = undefined;
  }

  #lost(): void {
    const wasSteady =
      this.#voice !== undefined && this.#parts.clock.elapsed() - this.#openedAt > steadySessionMs;
    this.#losses = wasSteady ? 1 : this.#losses + 1;
    this.#leave();
    this.#owner.lost();
    if (this.#next !== undefined) return this.#take(this.#next);
    this.#nextWarmUp?.stop();
    if (this.#losses > mostLosses) return this.#owner.failed(endReason('fault', 'model_error'));
    this.#warmUp = this.#openFirst();
    this.#warmUp.answered();
  }

  #leave(): void {
    this.#stopAging();
    this.#listener = undefined;
    this.#mayFlow = false;
    this.#voice?.close();
    this.#voice = undefined;
  }

  #flush(): void {
    if (this.#held.isEmpty) return;
    for (const chunk of this.#held.take()) this.#voice?.append(chunk);
  }
}

function isLoss(event: VoiceEvent): boolean {
  return event.type === 'closed' || (event.type === 'problem' && event.code === 'session-expired');
}
