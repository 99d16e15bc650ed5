/**
 * Phone numbers and ranges as an operator lists them: `+14155550100` is one number, `+4930*` all that begin so.
 */
export class NumberList {
  readonly #numbers: ReadonlySet<string>;
  readonly #prefixes: readonly string[];

  /** @param entries E.164 each, or the beginning of one with a star behind it */
  constructor(entries: readonly string[]) {
    this.#numbers = new Set(entries.filter((text) => !text.endsWith('*')));
    this.#prefixes = entries.filter((text) => text.endsWith('*')).map((text) => text.slice(0, -1));
  }

  get isEmpty(): boolean {
    return this.#numbers.size === 0 && this.#prefixes.length === 0;
  }

  /** @param number E.164 */
  includes(number: string): boolean {
    return this.#numbers.has(number) || this.#prefixes.some((prefix) => number.startsWith(prefix));
  }
}
