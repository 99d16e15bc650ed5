import type { z } from 'zod';
import { InvalidRequest } from '../lib/errors.ts';

/**
 * A client's arguments, checked.
 *
 * A null stands for an argument left out: some clients must send every property they know of.
 *
 * @param toolName as the client wrote it
 * @throws InvalidRequest with one sentence for each thing to change
 */
export function parseArguments<Schema extends z.ZodObject>(
  schema: Schema,
  raw: unknown,
  toolName: string,
): z.output<Schema> {
  const given = withoutNulls(raw ?? {});
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const sentences = parsed.error.issues.flatMap((issue) => sentencesOf(issue, given, toolName, known));
  throw new InvalidRequest([...new Set(sentences)].join(' '));
}

function withoutNulls(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
}

function sentencesOf(
  issue: z.core.$ZodIssue,
  given: unknown,
  toolName: string,
  known: readonly string[],
): readonly string[] {
  const where = issue.path.length === 0 ? 'The arguments' : `"${issue.path.join('.')}"`;
  switch (issue.code) {
    case 'invalid_type':
      return [
        valueAt(given, issue.path) === undefined
          ? `${where} is missing: it must be ${kindOf(issue.expected)}.`
          : `${where} must be ${kindOf(issue.expected)}.`,
      ];
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        issue.path.length === 0
          ? `${toolName} takes no argument "${key}": leave it out. It takes ${known.map(quoted).join(', ')}.`
          : `${where} has no "${key}": leave it out.`,
      );
    case 'invalid_value':
      return [`${where} must be one of ${issue.values.map(quoted).join(', ')}.`];
    case 'too_small':
      return [
        issue.origin === 'string'
          ? `${where} must not be empty.`
          : `${where} must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}.`,
      ];
    case 'too_big':
      return [
        issue.origin === 'string'
          ? `${where} must be no longer than ${issue.maximum} characters.`
          : `${where} must be at most ${issue.maximum}.`,
      ];
    case 'custom':
      return [issue.message];
    default:
      return [`${where} cannot be used: ${issue.message}.`];
  }
}

function kindOf(expected: string): string {
  switch (expected) {
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'object':
    case 'record':
      return 'a JSON object';
    case 'array':
      return 'a list';
    default:
      return `a ${expected}`;
  }
}

function quoted(value: unknown): string {
  return `"${String(value)}"`;
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = given;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return value;
}
