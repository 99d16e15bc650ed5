/** What Twilio's machine detection found. */
export interface Detection {
  readonly answeredBy: 'human' | 'machine_start' | 'machine_end_beep' | 'unknown';
  readonly durationMs: number;
}

const humanMs = 1500;
const machineMs = 2500;

/**
 * Decides a moment after the answer who has answered; with `waitsForBeep`, a machine is reported once it
 * has beeped.
 *
 * @param beeped settles when the person's end beeps, fails when it never does
 */
export function detectMachine(call: {
  readonly isMachine: boolean;
  readonly waitsForBeep: boolean;
  after(ms: number, act: () => void): void;
  readonly beeped: Promise<true>;
}): Promise<Detection> {
  const startedAt = Date.now();
  const beeped = call.beeped.then(
    () => 'machine_end_beep' as const,
    () => 'unknown' as const,
  );
  if (call.isMachine && call.waitsForBeep) {
    return beeped.then((answeredBy) => ({ answeredBy, durationMs: Date.now() - startedAt }));
  }
  const durationMs = call.isMachine ? machineMs : humanMs;
  const answeredBy = call.isMachine ? 'machine_start' : 'human';
  return new Promise((resolve) => call.after(durationMs, () => resolve({ answeredBy, durationMs })));
}
