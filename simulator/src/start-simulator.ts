import { once } from 'node:events';
import { startWorkerThread } from './worker-thread.ts';

export interface SimulatorOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The account's own number, E.164. */
  readonly phoneNumber: string;
  /** Webhooks of that number, so that a softphone can dial it. */
  readonly webhooks?: { readonly voice: string; readonly status: string } | undefined;
  readonly recordingsFolder?: string | undefined;
  /** Which of the two to simulate. */
  readonly carrier: boolean;
  readonly voiceModel: boolean;
}

export interface SimulatorAddresses {
  /** In place of `https://api.twilio.com`. */
  readonly carrierUrl: string | undefined;
  /** Where a softphone is plugged in, credentials included. */
  readonly softphoneUrl: string | undefined;
  /** In place of `https://api.openai.com/v1`. */
  readonly voiceModelBaseUrl: string | undefined;
}

export interface RunningSimulator extends SimulatorAddresses {
  /** Ends all calls and sessions; recordings are complete afterwards. */
  close(): Promise<void>;
}

const closesWithinMs = 5000;

/**
 * Starts the simulator in a worker thread, so that its work does not show in the server's.
 *
 * @throws Error if it cannot start
 */
export async function startSimulatorWorker(options: SimulatorOptions): Promise<RunningSimulator> {
  const worker = startWorkerThread(import.meta.url, 'simulator-worker', options);
  const addresses = await new Promise<SimulatorAddresses>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
  });
  return {
    ...addresses,
    close: async () => {
      const ended = once(worker, 'exit');
      worker.postMessage('close');
      const timer = setTimeout(() => void worker.terminate(), closesWithinMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
