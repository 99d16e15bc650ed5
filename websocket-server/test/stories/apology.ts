import { expect } from 'vitest';
import type { StagedCall } from './staged-call.ts';

const words = /I am sorry, there is a technical problem and I have to end this call\. Goodbye\.$/u;

/** The person heard a sentence, in the carrier's own voice, and then the line was closed. */
export async function expectApology(call: StagedCall): Promise<void> {
  const { call: record } = await call.ended();
  expect(record.endReason).toMatchObject({ by: 'fault', why: 'model_error' });
  expect(call.line.heardWords).toMatch(words);
  expect(call.line.state).toBe('completed');
}
