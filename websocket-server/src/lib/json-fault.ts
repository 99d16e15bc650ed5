/** Where a text stops being JSON, counted from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
}

type Expected = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'colon' | 'comma-or-end' | 'nothing';

const blanks = /[ \t\r\n]*/y;
const token =
  /[{}[\],:]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/uy;

/**
 * The place of the first fault in a text that `JSON.parse` refuses: engines tell it in words of their own, or not at
 * all.
 */
export function jsonFaultIn(text: string): JsonFault {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  for (let at = 0; ;) {
    at += matched(blanks, text, at).length;
    const found = matched(token, text, at);
    const next: Expected | undefined = found === '' ? undefined : after(found, expected, open);
    if (next === undefined) return placeOf(text, at);
    expected = next;
    at += found.length;
  }
}

/** @param open what is open, innermost last; changed @returns undefined where the token cannot stand */
function after(found: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const isValueDue = expected === 'value' || expected === 'value-or-end';
  switch (found) {
    case '{':
    case '[':
      if (!isValueDue) return undefined;
      open.push(found);
      return found === '{' ? 'name-or-end' : 'value-or-end';
    case '}':
    case ']': {
      const mayEnd =
        expected === 'comma-or-end' || expected === (found === '}' ? 'name-or-end' : 'value-or-end');
      if (!mayEnd || open.pop() !== (found === '}' ? '{' : '[')) return undefined;
      return open.length === 0 ? 'nothing' : 'comma-or-end';
    }
    case ':':
      return expected === 'colon' ? 'value' : undefined;
    case ',':
      if (expected !== 'comma-or-end') return undefined;
      return open.at(-1) === '{' ? 'name' : 'value';
    default:
      if (found.startsWith('"') && (expected === 'name' || expected === 'name-or-end')) return 'colon';
      if (!isValueDue) return undefined;
      return open.length === 0 ? 'nothing' : 'comma-or-end';
  }
}

function matched(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function placeOf(text: string, at: number): JsonFault {
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
