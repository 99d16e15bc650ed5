import { isScope, scopes } from './access.ts';
import type { Scope } from './access.ts';

const dayMs = 86_400_000;

/** A token that lets its holder in, as configured. */
export interface AuthToken {
  readonly token: string;
  /** Tells tokens apart in logs and limits; says nothing of the secret. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** ms since 1970; null: it does not expire. */
  readonly expiresAt: number | null;
}

/**
 * Tokens as an operator writes them: the secret alone, or followed by restrictions,
 * `secret;scopes=calls:read+calls:place;expires=2027-01-31;name=alice`. A day counts to its end in UTC.
 *
 * @returns what could be read, and a sentence for each mistake, none of which repeats a secret
 */
export function readAuthTokens(entries: readonly string[]): {
  readonly tokens: readonly AuthToken[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const tokens = entries.map((entry, index) => {
    const [token = '', ...restrictions] = entry.split(';').map((part) => part.trim());
    const place = `Token ${index + 1}`;
    if (!/^[\x21-\x7e]+$/.test(token)) {
      problems.push(
        'A token travels in a header: use printable ASCII without spaces, e.g. the output of `openssl rand -hex 32`.',
      );
    }
    const told = new Map<string, string>();
    for (const restriction of restrictions) {
      const [, key = '', value = ''] = /^(scopes|expires|name)=(.+)$/.exec(restriction) ?? [];
      if (key === '') {
        problems.push(
          `${place}: behind a semicolon write scopes=…, expires=… or name=…; a token itself cannot hold a semicolon.`,
        );
      } else if (told.has(key)) {
        problems.push(`${place}: write ${key}= once.`);
      } else {
        told.set(key, value);
      }
    }
    return {
      token,
      name: readName(told.get('name'), index, place, problems),
      scopes: readScopes(told.get('scopes'), place, problems),
      expiresAt: readExpiry(told.get('expires'), place, problems),
    };
  });
  if (new Set(tokens.map(({ token }) => token)).size < tokens.length) {
    problems.push('The same token stands there twice: leave one out.');
  }
  if (new Set(tokens.map(({ name }) => name)).size < tokens.length) {
    problems.push('Two tokens have the same name: give each its own.');
  }
  return { tokens, problems: [...new Set(problems)] };
}

function readName(text: string | undefined, index: number, place: string, problems: string[]): string {
  if (text === undefined) return `token-${index + 1}`;
  if (!/^[\w.-]{1,60}$/.test(text)) {
    problems.push(`${place}: a name is 1 to 60 letters, digits, dots, dashes and underscores.`);
  }
  return text;
}

function readScopes(text: string | undefined, place: string, problems: string[]): readonly Scope[] {
  if (text === undefined) return scopes;
  const named = text.split('+').map((scope) => scope.trim());
  if (!named.every(isScope)) {
    problems.push(`${place}: scopes are ${scopes.join(', ')}, with a plus between them.`);
  }
  return scopes.filter((scope) => named.includes(scope));
}

function readExpiry(text: string | undefined, place: string, problems: string[]): number | null {
  if (text === undefined) return null;
  const [, day = '', clock = ''] = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2})?Z)?$/.exec(text) ?? [];
  const midnight = Date.parse(`${day}T00:00Z`);
  // `Date` takes the 30th of February for the 2nd of March.
  const isReal = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
  const time = clock === '' ? midnight + dayMs : Date.parse(text);
  if (isReal && !Number.isNaN(time)) return time;
  problems.push(`${place}: write expires= as a day like 2027-01-31, or a time like 2027-01-31T18:00Z.`);
  return null;
}
