/** What stands in a log in place of what is nobody's business. */
const hidden = '[hidden]';
const secret = '[secret]';

/** Deeper values are left out: nothing of ours nests so far. */
const deepest = 6;

/** Names of values that are never shown, whatever they hold. */
const secretName = /^(?:.*[-_])?(?:authorization|cookie|token|secret|password|api[-_]?key)s?$/iu;

/** Credentials by their looks. A group that is named `keep` stays. */
const secretLooks: readonly RegExp[] = [
  /(?<keep>\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}/giu,
  /(?<keep>:\/\/)[^\s/@:]+:[^\s/@]+(?=@)/gu,
  /(?<keep>telephone_(?:session|access)=)[^\s;,]+/gu,
  /(?<keep>[?&](?:[\w-]*[-_])?(?:token|secret|key|password|signature)=)[^\s&#"']+/giu,
  /\bsk-[\w-]{6,}/gu,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/gu,
];

/** A plus or its escape and six digits, ten digits on their own, or groups as they are written in North America. */
const numberLooks =
  /(?:\+|%2B)\d(?:[\s().-]{0,2}\d){5,14}|(?<![\w.:-])\d{10,15}(?![\w.-])|\(\d{3}\)\s?\d{3}[\s.-]\d{4}|(?<![\w.-])\d{3}[\s.-]\d{3}[\s.-]\d{4}(?![\w-])/giu;
/** What an error quotes came from somewhere: a name of ours has an underscore or a dot in it, people's words have not. */
const quoted = /"[^"\n]*"|“[^”\n]*”|`[^`\n]*`|(?<![\p{L}\p{N}])'[^'\n]*'(?![\p{L}\p{N}])/gu;
const ownName = /^[a-z\d]+(?:[_.][a-z\d]+)+$/iu;

export interface LogPrivacy {
  /** Whether what stands under `pii`, numbers and quoted words are shown. Credentials never are. */
  readonly showsPii: boolean;
  /** Credentials to the letter; blank ones are passed over. */
  readonly secrets: readonly string[];
}

/**
 * Details of a log line as they may be written: what stands under `pii` is hidden, and so are phone numbers and
 * credentials wherever they turn up. Of an error its name, code, message and places are kept, and those of its
 * causes: what else errors carry (parameters of statements, requests, answers) is as good as anybody's words.
 */
export class LogCleaner {
  readonly #showsPii: boolean;
  readonly #secrets: readonly string[];

  constructor({ showsPii, secrets }: LogPrivacy) {
    this.#showsPii = showsPii;
    this.#secrets = secrets.filter((text) => text.trim().length >= 6);
  }

  /** Of values that may be shown; a fault in a value (a getter that throws) costs only that value. */
  details(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(details).map(([name, value]) => {
        if (name !== 'pii') return [name, this.#named(name, value, deepest)];
        return [name, this.#showsPii ? this.#value(value, deepest) : hiddenEach(value)];
      }),
    );
  }

  text(text: string): string {
    const bare = this.#withoutSecrets(text);
    return this.#showsPii ? bare : bare.replace(numberLooks, hidden);
  }

  #withoutSecrets(text: string): string {
    const bare = this.#secrets.reduce((left, known) => left.replaceAll(known, secret), text);
    return secretLooks.reduce(
      (left, looks) =>
        left.replace(looks, (...found: unknown[]) => {
          const groups = found.at(-1);
          const keep = typeof groups === 'object' && groups !== null && 'keep' in groups ? groups.keep : '';
          return `${typeof keep === 'string' ? keep : ''}${secret}`;
        }),
      bare,
    );
  }

  #named(name: string, value: unknown, depth: number): unknown {
    if (secretName.test(name) && typeof value === 'string') return secret;
    return this.#value(value, depth);
  }

  #value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.text(value);
    if (value instanceof Error) return this.#error(value, depth);
    if (typeof value !== 'object' || value === null) {
      return typeof value === 'function' || typeof value === 'symbol' ? undefined : shownNumber(value);
    }
    if (depth === 0 || ArrayBuffer.isView(value)) return hidden;
    if (Array.isArray(value)) return value.map((part) => this.#value(part, depth - 1));
    try {
      return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [this.text(name), this.#named(name, part, depth - 1)]),
      );
    } catch {
      return hidden;
    }
  }

  #error(error: Error, depth: number): Record<string, unknown> {
    const { name, message, stack = '', cause } = error;
    const code = 'code' in error && typeof error.code !== 'object' ? error.code : undefined;
    const parts = error instanceof AggregateError && depth > 0 ? error.errors : undefined;
    return {
      type: name,
      ...(code !== undefined && { code: this.#value(code, 0) }),
      message: this.#message(message),
      ...(cause !== undefined && depth > 0 && { cause: this.#cause(cause, depth - 1) }),
      ...(parts !== undefined && { errors: parts.map((part: unknown) => this.#cause(part, depth - 1)) }),
      stack: this.text(framesOf(stack)),
    };
  }

  #cause(cause: unknown, depth: number): unknown {
    return typeof cause === 'string' ? this.#message(cause) : this.#value(cause, depth);
  }

  #message(message: string): string {
    const told = this.text(message);
    if (this.#showsPii) return told;
    return told.replace(quoted, (text) => (ownName.test(text.slice(1, -1)) ? text : hidden));
  }
}

/** The names of what is hidden are of use by themselves. */
function hiddenEach(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return hidden;
  return Object.fromEntries(Object.keys(value).map((name) => [name, hidden]));
}

/** JSON knows no bigint. */
function shownNumber(value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** A stack begins with the message, which may have lines of its own. */
function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /u.test(line))
    .join('\n');
}
