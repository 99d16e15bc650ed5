import { shownSecret } from '../call/authority.ts';
import { patternOfDigits } from './spoken-digits.ts';

/**
 * Keys that a call may press and that nobody is to read: held in memory while the call is live, and nowhere else.
 */
export class Secrets {
  readonly #keys: ReadonlyMap<string, string>;
  readonly #patterns: readonly { readonly name: string; readonly pattern: RegExp }[];

  /** @param keys by name: `0-9 * # w W` */
  constructor(keys: ReadonlyMap<string, string>) {
    this.#keys = keys;
    this.#patterns = [...keys].map(([name, digits]) => ({ name, pattern: patternOfDigits(digits) }));
  }

  keysOf(name: string): string | undefined {
    return this.#keys.get(name);
  }

  /** The first secret that a text gives away. */
  nameIn(text: string): string | undefined {
    return this.#patterns.find(({ pattern }) => text.search(pattern) !== -1)?.name;
  }

  /** A text with each secret in it shown by its name. */
  hiddenIn(text: string): string {
    return this.#patterns.reduce(
      (shown, { name, pattern }) => shown.replaceAll(pattern, () => shownSecret(name)),
      text,
    );
  }

  /** A value with the secrets in all of its texts hidden; identifiers are left alone. */
  hiddenInAll<Value>(value: Value): Value {
    return this.#patterns.length === 0 ? value : (this.#hidden(value) as Value);
  }

  #hidden(value: unknown): unknown {
    if (typeof value === 'string') return this.hiddenIn(value);
    if (Array.isArray(value)) return value.map((part) => this.#hidden(part));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [this.hiddenIn(key), this.#hiddenAt(key, part)]),
    );
  }

  /** What the agent gives as a value of its outcome may be a number. */
  #hiddenAt(key: string, part: unknown): unknown {
    if (typeof part === 'string' && (key === 'type' || key.endsWith('Id'))) return part;
    if (key !== 'value' || typeof part !== 'number') return this.#hidden(part);
    return this.nameIn(String(part)) === undefined ? part : this.hiddenIn(String(part));
  }
}

export const noSecrets = new Secrets(new Map());
