import { CaptionReader } from '../speech/captions.ts';
import type { Caption } from '../speech/captions.ts';
import { loudnessOf } from '../speech/mulaw.ts';
import type { AudioFormat, TurnDetection } from './wire.ts';

/** All times are ms of appended audio since the session began. */
export type Noticed =
  | { readonly type: 'speech-started'; readonly startMs: number }
  | { readonly type: 'speech-stopped'; readonly startMs: number; readonly endMs: number }
  | { readonly type: 'sound-ended'; readonly name: string; readonly startMs: number; readonly endMs: number };

/** What was heard in one stretch of audio. */
export interface HeardAudio {
  readonly words: readonly string[];
  readonly sounds: readonly string[];
  readonly durationMs: number;
}

const windowMs = 20;
/** Shorter bursts than this are clicks. */
const onsetMs = 60;
/** A sound is over when so much silence follows. */
const soundGapMs = 300;
/** How long `semantic_vad` waits for someone who has not finished the sentence. */
const patienceMs = { low: 8000, medium: 4000, auto: 4000, high: 2000 } as const;
/** …and for someone who has, or who cannot be understood. */
const finishedMs = 240;
const unintelligibleMs = 1000;

/**
 * Hears: takes in the audio that a client appends, notices where speech begins and ends, and reads the
 * captions in it. A captioned sound (hold music, a beep) is not taken for speech, however loud.
 */
export class Ears {
  readonly #captions = new CaptionReader();
  #rest: Uint8Array = new Uint8Array(0);
  #words: string[] = [];
  #sounds: string[] = [];
  #streamMs = 0;
  #bufferStartMs = 0;
  /** Voice heard while nobody was speaking yet. */
  #voiceMs = 0;
  /** No voice heard while somebody was speaking. */
  #pauseMs = 0;
  #quietMs = 0;
  #speechStartMs: number | undefined;
  #sound: { readonly name: string; readonly startMs: number } | undefined;
  #hasFinished = false;
  readonly #onCaption: (caption: Caption) => void;
  readonly #onNoticed: (noticed: Noticed) => void;

  /** Both are told while the audio is being heard, so that a commit takes what had been heard until then. */
  constructor(onCaption: (caption: Caption) => void, onNoticed: (noticed: Noticed) => void) {
    this.#onCaption = onCaption;
    this.#onNoticed = onNoticed;
  }

  get streamMs(): number {
    return this.#streamMs;
  }

  /** Audio that no commit has taken. */
  get bufferedMs(): number {
    return this.#streamMs - this.#bufferStartMs;
  }

  get isHearingSpeech(): boolean {
    return this.#speechStartMs !== undefined;
  }

  /** Sounds heard since the last commit. */
  get soundsPending(): readonly string[] {
    return this.#sounds;
  }

  hear(audio: Uint8Array, format: AudioFormat, detection: TurnDetection | null): void {
    const windowBytes = windowMs * bytesPerMs(format);
    const all = this.#rest.length === 0 ? audio : Buffer.concat([this.#rest, audio]);
    let at = 0;
    for (; at + windowBytes <= all.length; at += windowBytes) {
      this.#hearWindow(all.subarray(at, at + windowBytes), format, detection);
    }
    this.#rest = at === all.length ? new Uint8Array(0) : all.slice(at);
  }

  /** Hands over what was heard since the last commit. */
  commit(): HeardAudio {
    const heard = { words: this.#words, sounds: this.#sounds, durationMs: this.bufferedMs };
    this.clear();
    return heard;
  }

  /** Forgets what no commit has taken, and that somebody was speaking. */
  clear(): void {
    this.#words = [];
    this.#sounds = [];
    this.#bufferStartMs = this.#streamMs;
    this.#speechStartMs = undefined;
    this.#voiceMs = 0;
    this.#hasFinished = false;
  }

  #hearWindow(audio: Uint8Array, format: AudioFormat, detection: TurnDetection | null): void {
    if (format.type === 'audio/pcmu') this.#readCaptions(audio);
    const loudness = format.type === 'audio/pcmu' ? loudnessOf(audio) : loudnessOfPcm(audio);
    this.#streamMs += windowMs;
    const isLoud = loudness > loudestSilence(detection);
    this.#quietMs = isLoud ? 0 : this.#quietMs + windowMs;
    this.#followSound();
    if (detection) this.#followSpeech(isLoud, detection);
  }

  #readCaptions(audio: Uint8Array): void {
    for (const caption of this.#captions.read(audio)) {
      this.#onCaption(caption);
      const { kind, text } = caption;
      if (kind === 'word') {
        this.#words.push(text);
        this.#hasFinished = false;
        this.#sound = undefined;
      } else if (kind === 'end-of-utterance') {
        this.#hasFinished = true;
      } else if (kind === 'sound') {
        if (this.#sound?.name !== text) this.#sounds.push(text);
        this.#sound ??= { name: text, startMs: this.#streamMs };
      }
    }
  }

  #followSound(): void {
    if (!this.#sound || this.#quietMs < soundGapMs) return;
    const { name, startMs } = this.#sound;
    this.#sound = undefined;
    this.#onNoticed({ type: 'sound-ended', name, startMs, endMs: this.#streamMs });
  }

  #followSpeech(isLoud: boolean, detection: TurnDetection): void {
    const isVoice = isLoud && this.#sound === undefined;
    if (this.#speechStartMs === undefined) {
      this.#voiceMs = isVoice ? this.#voiceMs + windowMs : Math.max(0, this.#voiceMs - windowMs);
      if (this.#voiceMs < onsetMs) return;
      const paddingMs = detection.type === 'server_vad' ? detection.prefix_padding_ms : 300;
      const startMs = Math.max(this.#bufferStartMs, this.#streamMs - onsetMs - paddingMs);
      this.#speechStartMs = startMs;
      this.#pauseMs = 0;
      this.#onNoticed({ type: 'speech-started', startMs });
      return;
    }
    // A beep belongs to the announcement before it.
    if (isVoice) this.#pauseMs = 0;
    else if (this.#sound?.name !== 'beep') this.#pauseMs += windowMs;
    if (this.#pauseMs < this.#patience(detection)) return;
    const startMs = this.#speechStartMs;
    this.#speechStartMs = undefined;
    this.#voiceMs = 0;
    this.#onNoticed({ type: 'speech-stopped', startMs, endMs: this.#streamMs });
  }

  #patience(detection: TurnDetection): number {
    if (detection.type === 'server_vad') return Math.max(windowMs, detection.silence_duration_ms);
    if (this.#hasFinished) return finishedMs;
    return this.#words.length === 0 ? unintelligibleMs : patienceMs[detection.eagerness];
  }
}

/** @returns how many bytes of a format are one ms */
export function bytesPerMs({ type }: AudioFormat): number {
  return type === 'audio/pcm' ? 48 : 8;
}

/** Mean magnitude that still counts as silence: some 300 of 32,767 at the default threshold of 0.5. */
function loudestSilence(detection: TurnDetection | null): number {
  const threshold = detection?.type === 'server_vad' ? detection.threshold : 0.5;
  return 60 * 25 ** threshold;
}

/** @param audio 16-bit little-endian samples */
function loudnessOfPcm(audio: Uint8Array): number {
  const view = new DataView(audio.buffer, audio.byteOffset, audio.byteLength);
  let sum = 0;
  for (let at = 0; at + 1 < audio.length; at += 2) sum += Math.abs(view.getInt16(at, true));
  return audio.length === 0 ? 0 : sum / (audio.length / 2);
}
