/** Careful looks into JSON that somebody else wrote: a surprise is an absent value, never an exception. */
export type JsonObject = Readonly<Record<string, unknown>>;

const nothing: JsonObject = {};

/** Larger messages are not parsed: the process would stand still for every call. Real ones stay far below. */
const largestParsedBytes = 1024 * 1024;

/** @returns undefined when the message is too large, is not JSON or is not an object */
export function parseMessage(message: Buffer): JsonObject | undefined {
  if (message.length > largestParsedBytes) return undefined;
  try {
    const value: unknown = JSON.parse(message.toString());
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The object in a field; an empty one when there is none. */
export function objectIn(parent: JsonObject, field: string): JsonObject {
  const value = parent[field];
  return isObject(value) ? value : nothing;
}

export function objectsIn(parent: JsonObject, field: string): readonly JsonObject[] {
  const value = parent[field];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textIn(parent: JsonObject, field: string): string | undefined {
  const value = parent[field];
  return typeof value === 'string' ? value : undefined;
}

/** A number that counts something; undefined for anything else. */
export function countIn(parent: JsonObject, field: string): number | undefined {
  const value = parent[field];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
