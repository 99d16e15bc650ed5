import { randomFillSync } from 'node:crypto';
import { FrameRoom } from './frame-room.ts';
import { applyMask } from './mask.ts';

const textFrame = 0x81;
export const closeFrame = 0x88;
export const pingFrame = 0x89;
export const pongFrame = 0x8a;

const none = Buffer.alloc(0);
const maskBytes = 4;
const masksKept = 256;

/** Makes WebSocket frames (RFC 6455, section 5), each one buffer that is sent as it is. */
export class FrameWriter {
  readonly #isMasking: boolean;
  readonly #masks: Int32Array;
  readonly #room: FrameRoom | undefined;
  #maskAt: number;

  /** @param isMasking clients mask, servers do not */
  constructor(isMasking: boolean) {
    this.#isMasking = isMasking;
    this.#masks = new Int32Array(isMasking ? masksKept : 0);
    this.#room = isMasking ? new FrameRoom() : undefined;
    this.#maskAt = this.#masks.length;
  }

  /**
   * One text message put together of three pieces: a chunk of audio between the words around it.
   *
   * @param isLastGone nothing holds on to the frame before: the next may take its place
   */
  text(
    head: Uint8Array,
    middle: Uint8Array = none,
    tail: Uint8Array = none,
    isLastGone: boolean = false,
  ): Buffer {
    const length = head.length + middle.length + tail.length;
    const room = this.#room;
    if (isLastGone && room?.fits(length) === true) return room.text(head, middle, tail, this.#nextMask());
    const frame = this.#begun(textFrame, length);
    const from = frame.length - length;
    frame.set(head, from);
    frame.set(middle, from + head.length);
    frame.set(tail, from + head.length + middle.length);
    if (this.#isMasking) this.#mask(frame, from);
    return frame;
  }

  /** @param payload at most 125 bytes */
  control(kind: typeof closeFrame | typeof pingFrame | typeof pongFrame, payload: Uint8Array = none): Buffer {
    const frame = this.#begun(kind, payload.length);
    const from = frame.length - payload.length;
    frame.set(payload, from);
    if (this.#isMasking) this.#mask(frame, from);
    return frame;
  }

  close(code: number, reason: string): Buffer {
    const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
    payload.writeUInt16BE(code);
    payload.write(reason, 2);
    return this.control(closeFrame, payload.subarray(0, 125));
  }

  /** A frame with its header and room for its payload at the end. */
  #begun(first: number, length: number): Buffer {
    const sizeBytes = length < 126 ? 0 : length < 0x1_0000 ? 2 : 8;
    const frame = Buffer.allocUnsafe(2 + sizeBytes + (this.#isMasking ? maskBytes : 0) + length);
    frame[0] = first;
    frame[1] = (this.#isMasking ? 0x80 : 0) | (sizeBytes === 0 ? length : sizeBytes === 2 ? 126 : 127);
    if (sizeBytes === 2) frame.writeUInt16BE(length, 2);
    else if (sizeBytes === 8) frame.writeBigUInt64BE(BigInt(length), 2);
    return frame;
  }

  /** Puts a mask before the payload and masks it. */
  #mask(frame: Buffer, from: number): void {
    const mask = this.#nextMask();
    for (let at = 0; at < maskBytes; at += 1) frame[from - maskBytes + at] = (mask >> (8 * at)) & 0xff;
    applyMask(frame, from, frame.length);
  }

  /** Fresh for each frame, as RFC 6455, 5.3 asks. */
  #nextMask(): number {
    if (this.#maskAt === this.#masks.length) {
      randomFillSync(this.#masks);
      this.#maskAt = 0;
    }
    this.#maskAt += 1;
    return this.#masks[this.#maskAt - 1] as number;
  }
}
