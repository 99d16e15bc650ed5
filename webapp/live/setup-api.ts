import { askServer, unreadable } from './ask-server.ts';
import { isRecord } from './is-record.ts';

export type CheckState = 'ok' | 'warning' | 'problem' | 'skipped' | 'running';

/** One check of the set-up. */
export interface SetupCheck {
  readonly id: string;
  readonly title: string;
  readonly state: CheckState;
  readonly message: string;
  readonly fix: string | null;
}

export interface SetupReport {
  /** No check has found a problem so far. */
  readonly isReady: boolean;
  readonly isRunning: boolean;
  readonly isDemo: boolean;
  /** The number that calls come from; null when none is chosen. */
  readonly number: string | null;
  readonly checks: readonly SetupCheck[];
}

/** One of the carrier account's numbers. */
export interface AccountNumber {
  readonly number: string;
  readonly label: string | null;
  readonly hasVoice: boolean;
  readonly isPointedHere: boolean;
}

/** @param isFresh runs the checks anew */
export async function readSetup(isFresh: boolean, signal: AbortSignal): Promise<SetupReport> {
  const body = await askServer(`/api/setup?fresh=${isFresh}`, { signal });
  if (!Array.isArray(body.checks)) throw unreadable();
  const { demo } = body;
  return {
    isReady: body.isReady === true,
    isRunning: body.isRunning === true,
    isDemo: isRecord(demo) && (demo.carrier === true || demo.voiceModel === true),
    number: textOf(body.number),
    checks: body.checks.filter(isRecord).map((check) => ({
      id: String(check.id),
      title: String(check.title),
      state: check.state as CheckState,
      message: String(check.message),
      fix: textOf(check.fix),
    })),
  };
}

export async function readNumbers(signal: AbortSignal): Promise<readonly AccountNumber[]> {
  const { numbers } = await askServer('/api/setup/numbers', { signal });
  if (!Array.isArray(numbers)) throw unreadable();
  return numbers.filter(isRecord).map((row) => ({
    number: String(row.number),
    label: textOf(row.label),
    hasVoice: row.hasVoice === true,
    isPointedHere: row.isPointedHere === true,
  }));
}

/** Makes it the number that calls come from. */
export async function chooseNumber(number: string): Promise<void> {
  await askServer('/api/setup/number', { method: 'POST', body: { number } });
}

/** Sends calls to the chosen number to this server. */
export async function pointNumberHere(): Promise<void> {
  await askServer('/api/setup/webhook', { method: 'POST', body: {} });
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
