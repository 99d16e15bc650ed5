/**
 * Reads one field of a JSON object straight from its bytes. Made for messages that are mostly one long string,
 * such as audio: finding it costs a few hundred bytes of scanning and one native search for the closing quote,
 * where `JSON.parse` would copy the whole text twice.
 *
 * It reads leniently and does not validate: what is not JSON may still yield a field. Whatever it cannot read
 * plainly is `undefined`, and the caller falls back to `JSON.parse`.
 */

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** Strings up to this length are searched byte by byte, which beats the call into native code. */
const shortString = 64;

/** A string field to look for, and the place between its quotes where it was found last. */
export class StringField {
  readonly name: string;
  start = 0;
  end = 0;

  /** @param name ASCII, and without characters that JSON escapes */
  constructor(name: string) {
    this.name = name;
  }

  /** @returns a view into `json`, not a copy */
  bytes(json: Buffer): Buffer {
    return json.subarray(this.start, this.end);
  }
}

/**
 * Looks for string fields at the top level of a JSON object, in one pass that ends with the last of them. White
 * space and the order of keys do not matter; of doubled keys the first counts.
 *
 * @param fields get their places; what they hold is meaningless unless all were found
 * @returns false when a field is absent, is not a string or holds an escape, or when the text up to it is not
 *          that of an object
 */
export function findStringFields(json: Buffer, fields: readonly StringField[]): boolean {
  let missing = fields.length;
  for (const field of fields) field.start = 0;
  let at = skipSpace(json, 0);
  if (json[at] !== openBrace) return false;
  at = skipSpace(json, at + 1);
  while (json[at] === quote) {
    const keyStart = at + 1;
    const keyEnd = endOfString(json, keyStart);
    if (keyEnd < 0) return false;
    at = skipSpace(json, keyEnd + 1);
    if (json[at] !== colon) return false;
    at = skipSpace(json, at + 1);
    const valueEnd = endOfValue(json, at);
    if (valueEnd < 0) return false;
    const field = fieldNamed(fields, json, keyStart, keyEnd);
    if (field !== undefined) {
      if (json[at] !== quote || !isPlain(json, at + 1, valueEnd - 1)) return false;
      field.start = at + 1;
      field.end = valueEnd - 1;
      missing -= 1;
      if (missing === 0) return true;
    }
    at = skipSpace(json, valueEnd);
    if (json[at] !== comma) return false;
    at = skipSpace(json, at + 1);
  }
  return false;
}

/**
 * The bytes of a single string field, as `findStringFields` finds it.
 *
 * @returns a view into `json`, not a copy
 */
export function stringField(json: Buffer, name: string): Buffer | undefined {
  const field = new StringField(name);
  return findStringFields(json, [field]) ? field.bytes(json) : undefined;
}

/** Whether the bytes from `start` up to `end` are exactly this ASCII text. */
export function spells(bytes: Uint8Array, ascii: string, start = 0, end = bytes.length): boolean {
  if (end - start !== ascii.length) return false;
  for (let index = 0; index < ascii.length; index += 1) {
    if (bytes[start + index] !== ascii.charCodeAt(index)) return false;
  }
  return true;
}

/** The wanted field of this name that was not found yet: one that was, starts after the opening brace. */
function fieldNamed(
  fields: readonly StringField[],
  json: Buffer,
  keyStart: number,
  keyEnd: number,
): StringField | undefined {
  for (const field of fields) {
    if (field.start === 0 && spells(json, field.name, keyStart, keyEnd)) return field;
  }
  return undefined;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  for (; ; at += 1) {
    const byte = json[at];
    if (byte === undefined || byte > 0x20) return at;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
  }
}

/** @param from index after the opening quote. @returns index of the closing quote, or -1 */
function endOfString(json: Buffer, from: number): number {
  let at = from;
  const shortEnd = Math.min(json.length, from + shortString);
  for (; at < shortEnd; at += 1) {
    const byte = json[at];
    if (byte === quote) return at;
    if (byte === backslash) at += 1;
  }
  for (;;) {
    const end = json.indexOf(quote, at);
    if (end < 0 || !isEscaped(json, at, end)) return end;
    at = end + 1;
  }
}

/** Whether an odd number of backslashes stands before `end`, counting back no further than `from`. */
function isEscaped(json: Buffer, from: number, end: number): boolean {
  let at = end;
  while (at > from && json[at - 1] === backslash) at -= 1;
  return (end - at) % 2 === 1;
}

/** Whether the bytes between two quotes stand for themselves: no escapes among them. */
function isPlain(json: Buffer, start: number, end: number): boolean {
  if (end - start > shortString) {
    const escape = json.indexOf(backslash, start);
    return escape < 0 || escape >= end;
  }
  for (let at = start; at < end; at += 1) {
    if (json[at] === backslash) return false;
  }
  return true;
}

/** @param from index of the value's first byte. @returns index after its last, or -1 when it does not end */
function endOfValue(json: Buffer, from: number): number {
  const first = json[from];
  if (first === quote) {
    const end = endOfString(json, from + 1);
    return end < 0 ? -1 : end + 1;
  }
  const isNested = first === openBrace || first === openBracket;
  let depth = 0;
  for (let at = from; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === quote) {
      at = endOfString(json, at + 1);
      if (at < 0) return -1;
    } else if (byte === openBrace || byte === openBracket) {
      depth += 1;
    } else if (byte === closeBrace || byte === closeBracket) {
      if (!isNested) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (byte === comma && !isNested) {
      return at;
    }
  }
  return -1;
}
