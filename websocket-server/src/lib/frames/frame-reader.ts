import { applyMask } from './mask.ts';

/** A peer broke the protocol: its connection is closed with `closeCode`. */
export class FrameBreach extends Error {
  readonly closeCode: 1002 | 1009;

  constructor(message: string, closeCode: 1002 | 1009 = 1002) {
    super(message);
    this.closeCode = closeCode;
  }
}

/** Whole messages and control frames, in order. Bytes are borrowed: copy what outlives the call. */
export interface FrameTaker {
  message(bytes: Buffer, isText: boolean): void;
  ping(bytes: Buffer): void;
  pong(): void;
  /** @param code 1005 when the peer gave none */
  close(code: number, reason: string): void;
}

export interface FrameRules {
  /** Clients mask what they send, servers do not (RFC 6455, 5.1). */
  readonly isMasked: boolean;
  readonly mostMessageBytes: number;
}

const continuation = 0x0;
const textCode = 0x1;
const binaryCode = 0x2;
const closeCode = 0x8;
const pingCode = 0x9;
const pongCode = 0xa;
const longestControl = 125;

/**
 * Takes WebSocket frames (RFC 6455, section 5) out of a stream of bytes. Made for a call's audio: a message that
 * comes in one piece, as they do, is handed on as a view of the bytes that the socket read, unmasked in place.
 */
export class FrameReader {
  readonly #rules: FrameRules;
  readonly #taker: FrameTaker;
  /** The start of a frame whose rest has not come. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** How many bytes it takes to know more. */
  #wantedBytes = 0;
  #fragments: Buffer[] = [];
  #fragmentBytes = 0;
  #isTextBegun: boolean | undefined;
  #isOver = false;

  constructor(rules: FrameRules, taker: FrameTaker) {
    this.#rules = rules;
    this.#taker = taker;
  }

  /**
   * @param data becomes the reader's own
   * @throws FrameBreach; nothing may be read after it
   */
  read(data: Buffer): void {
    let bytes = data;
    if (this.#heldBytes > 0) {
      this.#held.push(data);
      this.#heldBytes += data.length;
      if (this.#heldBytes < this.#wantedBytes) return;
      bytes = Buffer.concat(this.#held, this.#heldBytes);
      this.#held = [];
      this.#heldBytes = 0;
    }
    let at = 0;
    while (at < bytes.length && !this.#isOver) {
      const size = this.#takeFrame(bytes, at);
      if (size === 0) {
        this.#held = [at === 0 ? bytes : bytes.subarray(at)];
        this.#heldBytes = bytes.length - at;
        return;
      }
      at += size;
    }
  }

  /** @returns the size of the frame at `at`; 0 when it is not all there */
  #takeFrame(bytes: Buffer, at: number): number {
    const there = bytes.length - at;
    if (there < 2) return this.#wants(2);
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    let length = second & 0x7f;
    let head = 2;
    if (length === 126) {
      if (there < 4) return this.#wants(4);
      length = bytes.readUInt16BE(at + 2);
      head = 4;
    } else if (length === 127) {
      if (there < 10) return this.#wants(10);
      length = bytes.readUInt32BE(at + 2) * 0x1_0000_0000 + bytes.readUInt32BE(at + 6);
      head = 10;
    }
    this.#check(first, second, length);
    const { isMasked } = this.#rules;
    if (isMasked) head += 4;
    if (there < head + length) return this.#wants(head + length);
    const from = at + head;
    if (isMasked) applyMask(bytes, from, from + length);
    this.#takePayload(first, bytes.subarray(from, from + length));
    return head + length;
  }

  #wants(bytes: number): 0 {
    this.#wantedBytes = bytes;
    return 0;
  }

  /** All that can be told before the payload is there. */
  #check(first: number, second: number, length: number): void {
    const code = first & 0x0f;
    if ((first & 0x70) !== 0) throw new FrameBreach('reserved bits are set');
    if (second >= 0x80 !== this.#rules.isMasked) throw new FrameBreach('a frame is masked wrongly');
    if (code >= closeCode) {
      if (code > pongCode) throw new FrameBreach('an unknown kind of frame');
      if (first < 0x80 || length > longestControl) throw new FrameBreach('a control frame is too long');
      return;
    }
    if (code > binaryCode) throw new FrameBreach('an unknown kind of frame');
    if ((code === continuation) !== (this.#isTextBegun !== undefined)) {
      throw new FrameBreach('fragments are out of order');
    }
    if (this.#fragmentBytes + length > this.#rules.mostMessageBytes) {
      throw new FrameBreach('a message is too long', 1009);
    }
  }

  #takePayload(first: number, payload: Buffer): void {
    const code = first & 0x0f;
    const isFinal = first >= 0x80;
    if (isFinal && (code === textCode || code === binaryCode)) {
      return this.#taker.message(payload, code === textCode);
    }
    switch (code) {
      case pingCode:
        return this.#taker.ping(payload);
      case pongCode:
        return this.#taker.pong();
      case closeCode:
        return this.#takeClose(payload);
      default:
        return this.#takeFragment(code, payload, isFinal);
    }
  }

  #takeClose(payload: Buffer): void {
    this.#isOver = true;
    if (payload.length === 1) throw new FrameBreach('a close frame has half a code');
    if (payload.length === 0) return this.#taker.close(1005, '');
    this.#taker.close(payload.readUInt16BE(0), payload.toString('utf8', 2));
  }

  #takeFragment(code: number, payload: Buffer, isFinal: boolean): void {
    const isText = this.#isTextBegun ?? code === textCode;
    this.#fragments.push(payload);
    this.#fragmentBytes += payload.length;
    this.#isTextBegun = isText;
    if (!isFinal) return;
    const message = Buffer.concat(this.#fragments, this.#fragmentBytes);
    this.#fragments = [];
    this.#fragmentBytes = 0;
    this.#isTextBegun = undefined;
    this.#taker.message(message, isText);
  }
}
