import type { WebSocket } from 'ws';
import type { Chunk } from '../lib/chunk.ts';

/** What the socket may hold before frames wait here. */
const mostBufferedBytes = 32 * 1024;
/** Half a minute of audio: of more, the oldest goes. */
const mostWaitingBytes = 240_000;

/** Audio for a listener who may be slow: nobody waits for them, and they miss the oldest. */
export class NewestKept {
  readonly #socket: WebSocket;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** @param track the frame's first byte */
  send(track: number, chunk: Chunk): void {
    const audio = Buffer.from(Buffer.from(chunk.base64).toString('latin1'), 'base64');
    const frame = Buffer.allocUnsafe(audio.length + 1);
    frame[0] = track;
    frame.set(audio, 1);
    this.#waiting.push(frame);
    this.#waitingBytes += frame.length;
    while (this.#waitingBytes > mostWaitingBytes) this.#waitingBytes -= this.#waiting.shift()?.length ?? 0;
    this.#flush();
  }

  /** Forgets what waits of one track. */
  drop(track: number): void {
    this.#waiting = this.#waiting.filter((frame) => frame[0] !== track);
    this.#waitingBytes = this.#waiting.reduce((sum, { length }) => sum + length, 0);
  }

  #flush(): void {
    while (this.#socket.bufferedAmount < mostBufferedBytes) {
      const frame = this.#waiting.shift();
      if (frame === undefined) return;
      this.#waitingBytes -= frame.length;
      this.#socket.send(frame, () => this.#flush());
    }
  }
}
