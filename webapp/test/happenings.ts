import type { CallHappening } from '../../websocket-server/src/call/call-event.ts';

type Requested = Extract<CallHappening, { type: 'call-requested' }>;

/** The first event of an outbound call. */
export function requested({ to, goal }: { to: string; goal: string }): Requested {
  return {
    type: 'call-requested',
    to,
    from: '+14155550199',
    errand: {
      goal,
      context: {},
      instructions: null,
      voicemail: { action: 'hang_up' },
      voice: null,
      language: null,
      resultSchema: null,
    },
    maxDurationSeconds: 180,
    ringTimeoutSeconds: 30,
    idempotencyKey: null,
  };
}
