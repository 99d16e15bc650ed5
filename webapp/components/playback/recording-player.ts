/** What a page shows of a recording that plays. Times are ms since its beginning. */
export interface PlayerState {
  readonly isReady: boolean;
  readonly isPlaying: boolean;
  readonly atMs: number;
  readonly lengthMs: number;
  readonly speed: number;
}

export const speeds: readonly number[] = [1, 1.5, 2];

const told = [
  'loadedmetadata',
  'durationchange',
  'play',
  'pause',
  'ended',
  'timeupdate',
  'seeked',
  'ratechange',
];

/** One recording, played by the browser. Its state is told to whoever subscribes. */
export class RecordingPlayer {
  readonly audio: HTMLAudioElement;
  readonly #listeners = new Set<() => void>();
  #state: PlayerState = { isReady: false, isPlaying: false, atMs: 0, lengthMs: 0, speed: 1 };

  constructor(address: string) {
    this.audio = new Audio();
    this.audio.preload = 'metadata';
    // From another origin, as in development, the login goes along only when asked to.
    if (new URL(address, window.location.href).origin !== window.location.origin) {
      this.audio.crossOrigin = 'use-credentials';
    }
    this.audio.src = address;
    for (const name of told) this.audio.addEventListener(name, this.#look);
  }

  readonly state = (): PlayerState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Plays from there on. */
  playFrom(ms: number): void {
    this.seek(ms);
    this.play();
  }

  play(): void {
    // Rejected when a pause comes first, or the browser wants a click of the person: the button then still says Play.
    this.audio.play().catch(this.#look);
  }

  pause(): void {
    this.audio.pause();
  }

  seek(ms: number): void {
    this.audio.currentTime = Math.max(0, ms) / 1000;
  }

  speedUp(): void {
    const next = speeds[(speeds.indexOf(this.audio.playbackRate) + 1) % speeds.length];
    this.audio.playbackRate = next ?? 1;
  }

  close(): void {
    for (const name of told) this.audio.removeEventListener(name, this.#look);
    this.audio.pause();
    this.audio.removeAttribute('src');
    this.audio.load();
  }

  readonly #look = (): void => {
    const { readyState, paused, ended, currentTime, duration, playbackRate } = this.audio;
    this.#state = {
      isReady: readyState >= HTMLMediaElement.HAVE_METADATA,
      isPlaying: !paused && !ended,
      atMs: currentTime * 1000,
      lengthMs: Number.isFinite(duration) ? duration * 1000 : 0,
      speed: playbackRate,
    };
    for (const listener of this.#listeners) listener();
  };
}
