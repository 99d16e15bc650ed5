import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Chunk } from '../lib/chunk.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
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
}

/** Whoever talks over the line. */
export interface VoiceLineOwner extends VoiceListener {
  /** A session is ready. Its conversation is empty, also when it takes over from another; no audio flows yet. */
  opened(voice: VoiceSession): void;
  /** The session broke off; another is on its way. */
  lost(): void;
  /** The session will reach the model's time limit before long. */
  aged(): void;
  /** No session is to be had. */
  failed(endReason: EndReason): void;
}

/** OpenAI ends a session after 60 minutes; other models have limits like it. */
const agedAfterMs = 50 * 60_000;
/** Sessions in a row that broke off soon; one that held is forgiven. */
const mostLosses = 4;
const steadySessionMs = 60_000;
/** Some 20 s of audio that the model's socket does not take: from here on the oldest is dropped. */
const mostBacklogBytes = 256 * 1024;

/** The voice end of a call: one voice session after another, with the person's words kept while there is none. */
export class VoiceLine {
  readonly #parts: VoiceLineParts;
  readonly #owner: VoiceLineOwner;
  readonly #held = new HeldAudio();
  #warmUp: WarmUp;
  #listener: VoiceListener | undefined;
  #voice: VoiceSession | undefined;
  #mayFlow = false;
  #losses = 0;
  #openedAt = 0;
  #stopAging: () => void = () => {};

  constructor(parts: VoiceLineParts, owner: VoiceLineOwner) {
    this.#parts = parts;
    this.#owner = owner;
    this.#warmUp = this.#open();
  }

  get session(): VoiceSession | undefined {
    return this.#voice;
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

  append(chunk: Chunk): void {
    const voice = this.#voice;
    if (voice === undefined || !this.#mayFlow || voice.backlogBytes > mostBacklogBytes) {
      return this.#held.keep(chunk);
    }
    this.#flush();
    voice.append(chunk);
  }

  /** Leaves the session for a new one. */
  renew(): void {
    this.#leave();
    this.#warmUp = this.#open();
    this.#warmUp.answered();
  }

  close(): void {
    this.#warmUp.stop();
    this.#leave();
  }

  #open(): WarmUp {
    const listener: VoiceListener = {
      audio: (itemId, responseId, chunk) => {
        if (this.#listener === listener) this.#owner.audio(itemId, responseId, chunk);
      },
      event: (event) => {
        if (this.#listener !== listener) return;
        if (isLoss(event)) this.#lost();
        else this.#owner.event(event);
      },
    };
    this.#listener = listener;
    return new WarmUp(this.#parts, listener, {
      opened: (voice) => {
        this.#voice = voice;
        this.#openedAt = this.#parts.clock.elapsed();
        this.#stopAging = this.#parts.clock.after(agedAfterMs, () => this.#owner.aged());
        this.#owner.opened(voice);
      },
      failed: (reason) => this.#owner.failed(reason),
    });
  }

  #lost(): void {
    const wasSteady =
      this.#voice !== undefined && this.#parts.clock.elapsed() - this.#openedAt > steadySessionMs;
    this.#losses = wasSteady ? 1 : this.#losses + 1;
    this.#leave();
    this.#owner.lost();
    if (this.#losses > mostLosses) return this.#owner.failed(endReason('fault', 'model_error'));
    this.#warmUp = this.#open();
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
