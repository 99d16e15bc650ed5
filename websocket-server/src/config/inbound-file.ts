import { z } from 'zod';
import type { EnvironmentReader } from '../lib/environment-reader.ts';
import { faultsIn } from './file-faults.ts';

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

/** How calls to one of our numbers are answered: by number in E.164; `default` for all others. */
export type InboundLines = Readonly<Record<string, z.output<typeof line>>>;

/** Which agent answers which number; empty where no file says so. */
export function readInboundFile(reader: EnvironmentReader): InboundLines {
  const file = reader.jsonFile('INBOUND_FILE');
  if (file === undefined) return {};
  const read = lines.safeParse(file.value);
  if (read.success) return read.data;
  const rule =
    'Each key is a number like +14155550100, or "default", with a "goal" and, if you like, "instructions", "context", "voice", "language" and "timeoutSec" (5 to 14400).';
  reader.problem('INBOUND_FILE', `In the file ${file.path}: ${faultsIn(read.error)}. ${rule}`);
  return {};
}
