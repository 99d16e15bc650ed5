import type { Writable } from 'node:stream';
import type { CallControl } from '../control/call-control.ts';
import type { Turn } from '../call/transcript.ts';

const longestMs = 120_000;

/** Places a call to the simulated restaurant, prints it as it is spoken, and what came of it. */
export async function runDemoCall(control: CallControl, dataDir: string, output: Writable): Promise<void> {
  const { callId } = await control.place({
    to: '+14155550123',
    goal: 'Book a table for 2 on Friday at 7:30pm',
    context: { name: 'Smith', party_size: 2, day: 'Friday', time: '7:30pm' },
  });
  output.write('Ringing a simulated restaurant …\n\n');
  const printed = new Set<string>();
  let afterSequence = 0;
  for (const until = Date.now() + longestMs; Date.now() < until;) {
    const { call, transcript } = await control.waitFor(callId, { afterSequence, timeoutMs: 5000 });
    afterSequence = Math.max(afterSequence, call.sequence);
    for (const turn of transcript) {
      if (turn.settledSequence === 0 || printed.has(turn.turnId)) continue;
      printed.add(turn.turnId);
      output.write(`${line(turn)}\n`);
    }
    if (call.endReason === null) continue;
    output.write(`\n${call.endReason.message}\n`);
    if (call.outcome !== null) output.write(`${call.outcome.status}: ${call.outcome.summary}\n`);
    output.write(`Both sides were recorded in ${dataDir}/demo-recordings\n`);
    return;
  }
}

function line(turn: Turn): string {
  if (turn.speaker === 'tool') return `          (${turn.name})`;
  return `${turn.speaker === 'agent' ? 'Agent ' : 'Person'}    ${turn.text}${turn.isInterrupted ? ' …' : ''}`;
}
