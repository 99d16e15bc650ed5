import type { TurnDetection } from './wire.ts';

/** Counts how long the person has said nothing since the agent was last heard, in ms of appended audio. */
export class IdleClock {
  #responseFromMs = 0;
  #idleFromMs: number | undefined;

  /** Somebody speaks. */
  stop(): void {
    this.#idleFromMs = undefined;
  }

  responseBegan(streamMs: number): void {
    this.#responseFromMs = streamMs;
    this.#idleFromMs = undefined;
  }

  /** @param audioMs how long the response plays, which takes longer than making it */
  responseEnded(streamMs: number, audioMs: number): void {
    this.#idleFromMs = Math.max(streamMs, this.#responseFromMs + audioMs);
  }

  /** @returns since when nobody has spoken, once that is longer than the idle timeout; then the clock stops */
  runOut(streamMs: number, detection: TurnDetection | null): number | undefined {
    if (detection?.type !== 'server_vad' || detection.idle_timeout_ms === null) return undefined;
    const fromMs = this.#idleFromMs;
    if (fromMs === undefined || streamMs - fromMs < detection.idle_timeout_ms) return undefined;
    this.#idleFromMs = undefined;
    return fromMs;
  }
}
