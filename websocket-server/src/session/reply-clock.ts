import type { Conversation, Reply, Step } from './conversation-state.ts';
import { step } from './conversation-state.ts';
import { inOneShape } from './one-shape.ts';

/** Notes when the chunk just played had been handed to the carrier. */
export function chunkSent(state: Conversation, now: number): Conversation {
  const { reply } = state;
  if (reply?.modelMs === undefined || reply.sentMs !== undefined) return state;
  return inOneShape({ ...state, reply: { ...reply, sentMs: now - reply.stoppedAt } });
}

export function replyAfter(state: Conversation, itemId: string, markName: string, now: number): Reply | null {
  const { reply } = state;
  if (reply === null || reply.modelMs !== undefined) return reply;
  return { ...reply, itemId, markName, modelMs: now - reply.stoppedAt };
}

/** The first piece of a reply was heard: how long that took. */
export function timeReply(state: Conversation, markName: string, now: number): Step {
  const { reply } = state;
  if (reply?.itemId === undefined || reply.modelMs === undefined || reply.markName !== markName)
    return step(state);
  const { stoppedAt, modelMs, sentMs = modelMs } = reply;
  return step(
    { ...state, reply: null },
    {
      type: 'record',
      happening: {
        type: 'reply-timed',
        turnId: reply.itemId,
        modelMs: Math.round(modelMs),
        sentMs: Math.round(sentMs),
        heardMs: Math.round(now - stoppedAt),
      },
    },
  );
}
