import type { Runtime } from '../../lib/runtime.ts';
import type { WebhookOutbox } from '../../storage/webhook-outbox.ts';
import type { CallControl } from '../call-control.ts';
import type { WebhookTarget } from './post-webhook.ts';
import { WebhookDispatcher } from './webhook-dispatcher.ts';

/** Sends what is in the outbox while the server runs. */
export interface Sending {
  /** Begins with what an earlier run left, and goes on with what happens. */
  follow(control: Pick<CallControl, 'watch'>): void;
  wake(): void;
  stop(): Promise<void>;
}

export function sendWebhooks(target: WebhookTarget, outbox: WebhookOutbox, runtime: Runtime): Sending {
  const dispatcher = new WebhookDispatcher({ target, outbox, runtime });
  let stopWatching: () => void = () => {};
  return {
    follow(control) {
      dispatcher.wake();
      stopWatching = control.watch(
        { isPatient: true },
        {
          event: () => dispatcher.wake(),
          hint() {},
          caughtUp() {},
          isSlow: () => false,
          onDropped() {},
        },
      );
    },
    wake: () => dispatcher.wake(),
    async stop() {
      stopWatching();
      await dispatcher.stop();
    },
  };
}
