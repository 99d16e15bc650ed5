import { HttpRefusal } from './http-refusal.ts';

/** A person mistypes, a program is set up wrongly: so many different wrong tokens cost nothing. */
const freeGuesses = 10;
const longestWaitMs = 5 * 60_000;
/** After so long without a wrong token, an address starts anew. */
const forgetMs = 15 * 60_000;
const maxAddresses = 10_000;

interface Guesser {
  /** Digests of wrong tokens: one that is sent again and again is a mistake, and guesses nothing. */
  readonly tried: Set<string>;
  lastAt: number;
  waitsUntil: number;
}

/**
 * Makes guessing tokens slow: each different wrong token from one address doubles the time until that address may
 * try another, from a second to five minutes. Meanwhile not even a right one counts, or the wait would tell.
 */
export class FailedTokens {
  readonly #now: () => number;
  /** In the order of their latest guess. */
  readonly #guessers = new Map<string, Guesser>();

  /** @param now ms since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws HttpRefusal while an address has to wait */
  check(address: string): void {
    const waitsMs = (this.#guessers.get(address)?.waitsUntil ?? 0) - this.#now();
    if (waitsMs <= 0) return;
    throw new HttpRefusal(
      429,
      'too-many-wrong-tokens',
      'Too many wrong tokens came from your address. Wait as long as "Retry-After" says, then send the right one.',
      { 'retry-after': String(Math.ceil(waitsMs / 1000)) },
    );
  }

  /** @param digest of the token that was wrong */
  note(address: string, digest: string): void {
    const now = this.#now();
    const known = this.#guessers.get(address);
    const guesser: Guesser =
      known !== undefined && now - known.lastAt < forgetMs
        ? known
        : { tried: new Set(), lastAt: now, waitsUntil: 0 };
    if (guesser.tried.has(digest)) return;
    guesser.tried.add(digest);
    guesser.lastAt = now;
    const surplus = guesser.tried.size - freeGuesses;
    if (surplus > 0) guesser.waitsUntil = now + Math.min(1000 * 2 ** (surplus - 1), longestWaitMs);
    this.#guessers.delete(address);
    this.#guessers.set(address, guesser);
    const [longestAgo] = this.#guessers.keys();
    if (this.#guessers.size > maxAddresses && longestAgo !== undefined) this.#guessers.delete(longestAgo);
  }
}
