import type { Faults } from './faults.ts';

/** What Twilio's machine detection found. */
export interface Detection {
  /** `human`, `machine_start`, `machine_end_beep` or `unknown`, or what a fault has it say. */
  readonly answeredBy: string;
  readonly durationMs: number;
}

/** The call as detection sees it. */
export interface DetectedCall {
  readonly isMachine: boolean;
  readonly waitsForBeep: boolean;
  after(ms: number, act: () => void): void;
  /** Settles when the person's end beeps, fails when it never does. */
  readonly beeped: Promise<true>;
}

const humanMs = 1500;
const machineMs = 2500;

/**
 * Decides a moment after the answer who has answered; with `waitsForBeep`, a machine is reported once it
 * has beeped.
 */
export async function detectMachine(
  call: DetectedCall,
  { lateByMs = 0, answeredBy }: Faults['detection'] & object = {},
): Promise<Detection> {
  const after = (ms: number) => new Promise<void>((resolve) => call.after(ms, resolve));
  // A beep that never comes is a failure only to whoever waits for it.
  call.beeped.catch(() => undefined);
  const detection = answeredBy === undefined ? await detect(call, after) : { answeredBy, durationMs: 0 };
  if (lateByMs > 0) await after(lateByMs);
  return detection;
}

function detect(call: DetectedCall, after: (ms: number) => Promise<void>): Promise<Detection> {
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
  return after(durationMs).then(() => ({ answeredBy, durationMs }));
}
