export interface JitterBufferOptions {
  /** Samples to have before a stretch of sound begins, so that a late piece leaves no hole in it. */
  readonly prefill: number;
  /** Samples kept at most: of more, the oldest go, so that talk never lags behind for long. */
  readonly most: number;
}

/** Evens out sound that comes in pieces, early, late or many at once, and is played steadily. */
export class JitterBuffer {
  readonly #options: JitterBufferOptions;
  readonly #pieces: Float32Array[] = [];
  /** Where in the first piece the next sample is. */
  #offset = 0;
  #waiting = 0;
  /** Samples of silence played while a stretch was about to begin. */
  #waited = 0;
  #isPlaying = false;

  constructor(options: JitterBufferOptions) {
    this.#options = options;
  }

  /** Samples that wait to be played. */
  get waiting(): number {
    return this.#waiting;
  }

  add(samples: Float32Array): void {
    if (samples.length === 0) return;
    this.#pieces.push(samples);
    this.#waiting += samples.length;
    if (this.#waiting > this.#options.most) this.#skip(this.#waiting - this.#options.most);
  }

  /** Forgets what was not played yet. */
  clear(): void {
    this.#skip(this.#waiting);
    this.#isPlaying = false;
    this.#waited = 0;
  }

  /** Fills `output` with what comes next; with silence where there is nothing. */
  read(output: Float32Array): void {
    output.fill(0);
    if (!this.#isPlaying && !this.#begins(output.length)) return;
    let filled = 0;
    for (let first = this.#pieces[0]; first && filled < output.length; first = this.#pieces[0]) {
      const part = first.subarray(this.#offset, this.#offset + output.length - filled);
      output.set(part, filled);
      filled += part.length;
      this.#skip(part.length);
    }
    if (filled < output.length) this.#isPlaying = false;
  }

  /** A stretch shorter than the prefill begins once it has waited as long. */
  #begins(length: number): boolean {
    if (this.#waiting === 0) return false;
    const { prefill } = this.#options;
    this.#waited += length;
    this.#isPlaying = this.#waiting >= prefill || this.#waited > prefill;
    if (this.#isPlaying) this.#waited = 0;
    return this.#isPlaying;
  }

  #skip(samples: number): void {
    let left = samples;
    this.#waiting -= samples;
    for (let first = this.#pieces[0]; first && left > 0; first = this.#pieces[0]) {
      const part = Math.min(left, first.length - this.#offset);
      left -= part;
      this.#offset += part;
      if (this.#offset < first.length) return;
      this.#pieces.shift();
      this.#offset = 0;
    }
  }
}
