import { createHash, timingSafeEqual } from 'node:crypto';
import type { StreamClaim } from '../carriers/carrier.ts';

/** One-use proofs that a media stream belongs to a call; a call's newest claim replaces its older ones. */
export class StreamClaims {
  readonly #digests = new Map<string, Buffer>();
  readonly #newToken: () => string;

  constructor(newToken: () => string) {
    this.#newToken = newToken;
  }

  issue(callId: string): StreamClaim {
    const streamToken = this.#newToken();
    this.#digests.set(callId, digest(streamToken));
    return { callId, streamToken };
  }

  /** @returns whether the claim was good; it is used up by that */
  redeem({ callId, streamToken }: StreamClaim): boolean {
    const expected = this.#digests.get(callId);
    if (expected === undefined || !timingSafeEqual(expected, digest(streamToken))) return false;
    this.#digests.delete(callId);
    return true;
  }

  forget(callId: string): void {
    this.#digests.delete(callId);
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
