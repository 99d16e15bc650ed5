import { FrameRoom } from './frame-room.ts';
import { applyMask } from './mask.ts';
import { MaskSource } from './mask-source.ts';

const textFrame = 0x81;
export const closeFrame = 0x88;
export const pingFrame = 0x89;
export const pongFrame = 0x8a;

const none = Buffer.alloc(0);
const maskBytes = 4;
/** All connections draw on one, so that chance is asked for once in a thousand frames and not by each of them. */
const masks = new MaskSource();

/** Makes WebSocket frames (RFC 6455, section 5), each one buffer that is sent as it is. */
export class FrameWriter {
  readonly #isMasking: boolean;
  readonly #room: FrameRoom | undefined;

  /** @param isMasking clients mask, servers do not */
  constructor(isMasking: boolean) {
    this.#isMasking = isMasking;
    this.#room = isMasking ? new FrameRoom() : undefined;
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
    if (isLastGone && room?.fits(length) === true) return room.text(head, middle, tail, masks.next());
    const frame = Buffer.allocUnsafe(this.#sizeOf(length));
    this.#put(frame, 0, head, middle, tail);
    return frame;
  }

  /** The frame of `text` with that of another message right behind it, for one write. */
  textAndNext(head: Uint8Array, middle: Uint8Array, tail: Uint8Array, next: Uint8Array): Buffer {
    const size = this.#sizeOf(head.length + middle.length + tail.length);
    const frames = Buffer.allocUnsafe(size + this.#sizeOf(next.length));
    this.#put(frames, 0, head, middle, tail);
    this.#put(frames, size, next, none, none);
    return frames;
  }

  /** @param payload at most 125 bytes */
  control(kind: typeof closeFrame | typeof pingFrame | typeof pongFrame, payload: Uint8Array = none): Buffer {
    const frame = Buffer.allocUnsafe(this.#sizeOf(payload.length));
    const from = this.#begin(frame, 0, kind, payload.length);
    frame.set(payload, from);
    if (this.#isMasking) mask(frame, from, frame.length);
    return frame;
  }

  close(code: number, reason: string): Buffer {
    const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
    payload.writeUInt16BE(code);
    payload.write(reason, 2);
    return this.control(closeFrame, payload.subarray(0, 125));
  }

  /** @param length of the payload */
  #sizeOf(length: number): number {
    return 2 + lengthBytes(length) + (this.#isMasking ? maskBytes : 0) + length;
  }

  /** Puts a text frame there. */
  #put(frames: Buffer, at: number, head: Uint8Array, middle: Uint8Array, tail: Uint8Array): void {
    const length = head.length + middle.length + tail.length;
    const from = this.#begin(frames, at, textFrame, length);
    frames.set(head, from);
    if (middle.length > 0) frames.set(middle, from + head.length);
    if (tail.length > 0) frames.set(tail, from + head.length + middle.length);
    if (this.#isMasking) mask(frames, from, from + length);
  }

  /** Puts the header of a frame there. @returns where its payload goes, behind room for a mask */
  #begin(frames: Buffer, at: number, first: number, length: number): number {
    const sizeBytes = lengthBytes(length);
    frames[at] = first;
    frames[at + 1] = (this.#isMasking ? 0x80 : 0) | (sizeBytes === 0 ? length : sizeBytes === 2 ? 126 : 127);
    if (sizeBytes === 2) frames.writeUInt16BE(length, at + 2);
    else if (sizeBytes === 8) frames.writeBigUInt64BE(BigInt(length), at + 2);
    return at + 2 + sizeBytes + (this.#isMasking ? maskBytes : 0);
  }
}

/** How many bytes tell the length beyond the one that every frame has. */
function lengthBytes(length: number): 0 | 2 | 8 {
  return length < 126 ? 0 : length < 0x1_0000 ? 2 : 8;
}

/** Puts a mask before the payload and masks it. */
function mask(frames: Buffer, from: number, end: number): void {
  const bits = masks.next();
  for (let at = 0; at < maskBytes; at += 1) frames[from - maskBytes + at] = (bits >> (8 * at)) & 0xff;
  applyMask(frames, from, end);
}
