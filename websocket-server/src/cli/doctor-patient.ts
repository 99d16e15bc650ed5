import type { CheckupReport } from '../checkup/checkup.ts';
import type { SetupDesk } from '../checkup/setup-desk.ts';
import { TelephoneError } from '../lib/errors.ts';
import { isRecord } from '../lib/is-record.ts';

/** The server whose set-up is checked. */
export interface Patient {
  /** Runs all checks and waits for them. */
  examine(): Promise<Pick<CheckupReport, 'isReady' | 'checks'>>;
  /** Sends calls to the chosen number here. @returns that number. @throws TelephoneError */
  pointHere(): Promise<string>;
  close(): Promise<void>;
}

/** One in this process. */
export function patientIn(setup: SetupDesk, close: () => Promise<void>): Patient {
  return {
    examine: () => setup.examine(),
    pointHere: async () => (await setup.pointHere(undefined)).number,
    close,
  };
}

const answerMs = 40_000;

/**
 * One that runs already: it has the port, the database and the tunnel, so it is the one to ask.
 *
 * @param address its MCP WebSocket address
 */
export function patientAt(address: string, token: string | undefined): Patient {
  const origin = address.replace(/^ws/, 'http').replace(/\/mcp\/ws$/, '');

  async function ask(path: string, method: 'GET' | 'POST'): Promise<Record<string, unknown>> {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(answerMs),
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && isRecord(body)) return body;
    const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
    const sentence =
      typeof error['message'] === 'string' ? error['message'] : `HTTP status ${response.status}.`;
    throw new TelephoneError('server-refused', `The server at ${origin} refused: ${sentence}`);
  }

  return {
    async examine() {
      const report = await ask('/api/setup?fresh=true&waitSec=30', 'GET');
      return report as unknown as CheckupReport;
    },
    pointHere: async () => String((await ask('/api/setup/webhook', 'POST'))['number']),
    close: async () => {},
  };
}
