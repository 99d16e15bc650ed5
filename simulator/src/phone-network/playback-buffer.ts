import { silence } from '../speech/mulaw.ts';

/**
 * What the other side sent to be played: as much as it likes, played in real time, with marks that are
 * reached when everything before them has been played.
 */
export class PlaybackBuffer {
  #pieces: Uint8Array[] = [];
  /** Where in the first piece the next byte is. */
  #offset = 0;
  #queued = 0;
  #played = 0;
  #marks: { readonly name: string; readonly at: number }[] = [];

  /** Bytes that wait to be played. */
  get waiting(): number {
    return this.#queued - this.#played;
  }

  add(audio: Uint8Array): void {
    if (audio.length === 0) return;
    this.#pieces.push(audio);
    this.#queued += audio.length;
  }

  mark(name: string): void {
    this.#marks.push({ name, at: this.#queued });
  }

  /** Drops what was not played yet. @returns the names of all marks that waited: they come back at once */
  clear(): string[] {
    const names = this.#marks.map((mark) => mark.name);
    this.#pieces = [];
    this.#offset = 0;
    this.#played = this.#queued;
    this.#marks = [];
    return names;
  }

  /**
   * The next bytes to play, filled up with silence where nothing is left.
   *
   * @returns how many of them were sent by the other side, and the marks reached with them
   */
  next(bytes: number): { audio: Uint8Array; playedBytes: number; reached: string[] } {
    const audio = new Uint8Array(bytes).fill(silence);
    let filled = 0;
    for (let first = this.#pieces[0]; first && filled < bytes; first = this.#pieces[0]) {
      const part = first.subarray(this.#offset, this.#offset + bytes - filled);
      audio.set(part, filled);
      filled += part.length;
      this.#offset += part.length;
      if (this.#offset < first.length) continue;
      this.#pieces.shift();
      this.#offset = 0;
    }
    this.#played += filled;
    const ahead = this.#marks.findIndex((mark) => mark.at > this.#played);
    const reached = this.#marks.splice(0, ahead === -1 ? this.#marks.length : ahead);
    return { audio, playedBytes: filled, reached: reached.map((mark) => mark.name) };
  }
}
