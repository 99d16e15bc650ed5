import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InvalidConfig } from '../lib/config-problems.ts';

const line = z.strictObject({
  goal: z.string().trim().min(1).max(4000),
  instructions: z.string().trim().min(1).optional(),
  context: z.record(z.string(), z.unknown()).optional(),
  voice: z.string().trim().min(1).optional(),
  language: z.string().trim().min(2).optional(),
  timeoutSec: z
    .number()
    .int()
    .min(5)
    .max(4 * 60 * 60)
    .optional(),
});
const lines = z.record(z.string().regex(/^(?:default|\+[1-9]\d{6,14})$/), line);

/** How calls to one of our numbers are answered. */
export type InboundLine = z.output<typeof line>;
/** By number in E.164; `default` for all others. */
export type InboundLines = Readonly<Record<string, InboundLine>>;

/**
 * Reads which agent answers which number.
 *
 * @param path a JSON file: numbers in E.164, or `default`, with `goal` and what else `line` knows
 * @throws InvalidConfig that names the variable and what is wrong in the file
 */
export function readInboundFile(path: string): InboundLines {
  const problem = (message: string) => new InvalidConfig([{ variable: 'INBOUND_FILE', message }]);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw problem(`The file ${why}: check its path and its commas.`);
  }
  const result = lines.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') || 'the file';
  throw problem(
    `${where}: ${issue?.message ?? 'invalid'}. Each key is a number in E.164 or "default", with "goal" and optionally "instructions", "context", "voice", "language", "timeoutSec".`,
  );
}
