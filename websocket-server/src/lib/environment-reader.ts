import { readFileSync } from 'node:fs';
import type { ConfigProblem } from './config-problems.ts';
import { jsonFaultIn } from './json-fault.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings from an environment and notes what is wrong with them instead of throwing. Where a value
 * cannot be used its fallback is returned, so that reading goes on to the next problem.
 */
export class EnvironmentReader {
  readonly problems: ConfigProblem[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  problem(variable: string, message: string): void {
    this.problems.push({ variable, message });
  }

  /** The value without the spaces and quotes around it; undefined when nothing is left. */
  text(variable: string): string | undefined {
    const trimmed = this.#environment[variable]?.trim() ?? '';
    const unquoted = /^(["'])(.*)\1$/s.exec(trimmed)?.[2]?.trim() ?? trimmed;
    return unquoted === '' ? undefined : unquoted;
  }

  /** What is in a JSON file, and its path; undefined when none is set or it cannot be used. */
  jsonFile(variable: string): { readonly path: string; readonly value: unknown } | undefined {
    const path = this.text(variable);
    if (path === undefined) return undefined;
    let text: string;
    try {
      text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    } catch {
      this.problem(
        variable,
        `The file ${path} cannot be read. Set it to the path of one that is there, or unset it.`,
      );
      return undefined;
    }
    try {
      return { path, value: JSON.parse(text) };
    } catch {
      const { line, column } = jsonFaultIn(text);
      this.problem(
        variable,
        `The file ${path} is not JSON from line ${line}, column ${column} on. Mend it there: double quotes around names and texts, a comma between entries and none behind the last, no comments.`,
      );
      return undefined;
    }
  }

  integer(variable: string, fallback: number, range: { readonly min: number; readonly max: number }): number {
    const text = this.text(variable);
    if (text === undefined) return fallback;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    this.problem(variable, `Set it to a whole number from ${range.min} to ${range.max}, not "${text}".`);
    return fallback;
  }

  /** @returns null when it is not set */
  optionalInteger(variable: string, range: { readonly min: number; readonly max: number }): number | null {
    return this.text(variable) === undefined ? null : this.integer(variable, range.max, range);
  }

  /** An amount of money above zero, e.g. `2` or `0.50`; null when none is set. */
  amount(variable: string): number | null {
    const text = this.text(variable);
    if (text === undefined) return null;
    const value = /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
    if (value > 0) return value;
    this.problem(variable, `Set it to an amount in US dollars above zero, like 2 or 0.50, not "${text}".`);
    return null;
  }

  oneOf<Choice extends string>(variable: string, fallback: Choice, choices: readonly Choice[]): Choice {
    const text = this.text(variable)?.toLowerCase();
    if (text === undefined) return fallback;
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined) return choice;
    this.problem(variable, `Set it to one of ${choices.join(', ')}, not "${text}".`);
    return fallback;
  }

  /** E.164, e.g. `+14155550100`; spaces, dots, dashes and brackets between the digits are dropped. */
  phoneNumber(variable: string): string | null {
    const text = this.text(variable);
    if (text === undefined) return null;
    const number = text.replaceAll(/[\s().-]/g, '');
    if (/^\+[1-9]\d{6,14}$/.test(number)) return number;
    this.problem(
      variable,
      'Write the number with a plus and its country code, digits only, e.g. +14155550100.',
    );
    return null;
  }

  /** An `http:` or `https:` address, without a trailing slash. */
  httpUrl(variable: string, fallback: string): string {
    const text = this.text(variable);
    if (text === undefined) return fallback;
    const url = parsedHttpUrl(text);
    if (url !== undefined && url.search === '' && url.hash === '') return withoutTrailingSlash(url.href);
    this.problem(variable, `Set it to an address like ${fallback}, without a query.`);
    return fallback;
  }

  /** An `http:` or `https:` origin: no path, no query, no trailing slash. */
  origin(variable: string): string | null {
    const text = this.text(variable);
    if (text === undefined) return null;
    const url = parsedHttpUrl(text);
    if (url !== undefined && withoutTrailingSlash(url.href) === url.origin) return url.origin;
    this.problem(
      variable,
      'Set it to the origin alone, like https://telephone.example.com: http or https, a host, no path and no query.',
    );
    return null;
  }

  /** Values between commas, without empty ones. */
  list(variable: string): readonly string[] {
    const items = this.text(variable)?.split(',') ?? [];
    return items.map((item) => item.trim()).filter((item) => item !== '');
  }
}

/** Credentials inside an address would end up in logs and in what is shown to clients: they are not taken. */
function parsedHttpUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  return isHttp && url.username === '' && url.password === '' ? url : undefined;
}

function withoutTrailingSlash(text: string): string {
  return text.replace(/\/+$/, '');
}
