import type { CheckProgress } from '../checkup/checkup.ts';
import { InvalidConfig } from '../lib/config-problems.ts';
import { TelephoneError } from '../lib/errors.ts';
import type { Patient } from './doctor-patient.ts';

export interface DoctorWish {
  /** Set what can be set from here. */
  readonly fixes: boolean;
  readonly asJson: boolean;
}

/** @returns undefined for a flag that there is not */
export function doctorWish(flags: readonly string[]): DoctorWish | undefined {
  if (flags.some((flag) => flag !== '--fix' && flag !== '--json')) return undefined;
  return { fixes: flags.includes('--fix'), asJson: flags.includes('--json') };
}

interface Findings {
  readonly isReady: boolean;
  readonly checks: readonly CheckProgress[];
}

/**
 * Checks the set-up, mends what it was told to mend, and prints what it found.
 *
 * @param open finds or starts the server to check; what it throws is told as a finding
 * @returns whether calls can be placed
 */
export async function runDoctor(
  open: () => Promise<Patient>,
  wish: DoctorWish,
  output: { write(text: string): unknown },
): Promise<boolean> {
  const notes: string[] = [];
  const findings = await examine(open, wish, notes);
  output.write(wish.asJson ? `${JSON.stringify({ ...findings, notes }, null, 2)}\n` : told(findings, notes));
  return findings.isReady;
}

async function examine(open: () => Promise<Patient>, wish: DoctorWish, notes: string[]): Promise<Findings> {
  let patient: Patient | undefined;
  try {
    patient = await open();
    const findings = await patient.examine();
    if (!wish.fixes) return findings;
    const incoming = findings.checks.find(({ id }) => id === 'carrier-webhook');
    if (incoming?.state !== 'warning') {
      notes.push(`Nothing to fix from here: ${incoming?.message ?? 'incoming calls were not checked.'}`);
      return findings;
    }
    notes.push(`Calls to ${await patient.pointHere()} come to this server from now on.`);
    return await patient.examine();
  } catch (error) {
    if (!(error instanceof TelephoneError)) throw error;
    return { isReady: false, checks: faultsOf(error) };
  } finally {
    await patient?.close();
  }
}

/** A server that does not even start: each variable at fault is a finding. */
function faultsOf(error: TelephoneError): readonly CheckProgress[] {
  if (!(error instanceof InvalidConfig)) {
    return [{ id: error.code, title: 'Server', state: 'problem', message: error.message }];
  }
  return error.problems.map(({ variable, message }) => ({
    id: `configuration-${variable}`,
    title: variable,
    state: 'problem',
    message,
  }));
}

const signs: Record<CheckProgress['state'], string> = {
  ok: '✓',
  warning: '!',
  problem: '✗',
  skipped: '–',
  running: '…',
};

function told({ isReady, checks }: Findings, notes: readonly string[]): string {
  const width = Math.max(...checks.map(({ title }) => title.length));
  const lines = checks.flatMap((check) => {
    const fix = 'fix' in check && check.fix !== undefined ? [`  ${' '.repeat(width)}  → ${check.fix}`] : [];
    return [`${signs[check.state]} ${check.title.padEnd(width)}  ${check.message}`, ...fix];
  });
  const problems = checks.filter(({ state }) => state === 'problem').length;
  const end = isReady
    ? 'Ready: calls can be placed.'
    : `Not ready: ${problems} ${problems === 1 ? 'problem' : 'problems'} to mend (✗).`;
  return `${['', ...lines, '', ...notes, end].join('\n')}\n`;
}
