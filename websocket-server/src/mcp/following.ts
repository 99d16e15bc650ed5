import { isEnded } from '../call/call.ts';
import type { Call, OpenQuestion } from '../call/call.ts';
import type { CallEvent } from '../call/call-event.ts';
import type { CallReading } from '../control/call-control.ts';
import { Asking } from './asking/asking.ts';
import type { UserReply } from './asking/asking.ts';
import type { ToolContext } from './tool.ts';
import { lastSequence } from './transcript-entries.ts';
import { createTicker, longestWaitSeconds } from './waiting.ts';
import type { Ticker } from './waiting.ts';

export interface Wish {
  /** 0 only looks: nobody is asked then. */
  readonly waitSeconds: number;
  /** News are what is later than this event. */
  readonly afterSequence: number;
  /** Wait for the end of the call, not for news of it. */
  readonly endOnly: boolean;
  /** What the wait is for, one sentence for a human. */
  readonly progressMessage: string;
}

export interface Followed {
  readonly reading: CallReading;
  /** What the client's user answered the agent meanwhile. */
  readonly ownerAnswer: OwnerAnswer | undefined;
}

export interface OwnerAnswer {
  readonly answer: string;
  /** False when it came too late. */
  readonly accepted: boolean;
}

/**
 * Waits for news of a call. A question of the agent that is open meanwhile is put to the client's user, where the
 * client can do that; with their answer the wait goes on.
 *
 * A question may be with the user for longer than the client wanted to wait for news, but no longer than a
 * request may stay unanswered.
 *
 * @throws CallNotFound
 */
export async function follow(callId: string, wish: Wish, context: ToolContext): Promise<Followed | Asking> {
  const ticker = createTicker(wish.waitSeconds, context);
  try {
    return await followTicking(callId, wish, context, ticker);
  } finally {
    ticker.stop();
  }
}

async function followTicking(
  callId: string,
  wish: Wish,
  context: ToolContext,
  ticker: Ticker,
): Promise<Followed | Asking> {
  const { control, clock, signal, user } = context;
  const { broughtBack, way } = user;
  const startedAt = clock.elapsed();
  const leftOf = (seconds: number) => seconds - (clock.elapsed() - startedAt) / 1000;
  let { afterSequence } = wish;
  let ownerAnswer: OwnerAnswer | undefined;
  let reading = await control.read(callId);

  /** @returns whether the wait goes on */
  const take = async (questionId: string, reply: UserReply | null): Promise<boolean> => {
    if (reply?.action === 'refused') user.refuse(callId, questionId);
    if (reply?.action === 'answered') {
      ownerAnswer = {
        answer: reply.answer,
        accepted: await control.answer(callId, questionId, reply.answer),
      };
    }
    reading = await control.read(callId);
    if (reply?.action === 'answered') afterSequence = lastSequence(reading);
    return reading.call.question?.questionId !== questionId;
  };

  if (broughtBack !== null) user.hide(broughtBack.callId, broughtBack.questionId);
  if (broughtBack?.reply && !(await take(broughtBack.questionId, broughtBack.reply))) {
    return { reading, ownerAnswer };
  }
  for (;;) {
    const question = askable(reading.call, wish, context);
    if (question !== null) {
      user.show(callId, question.questionId);
      if (way.kind === 'answer') return new Asking(callId, question);
      ticker.waitsFor('The agent waits for your answer.');
      const reply = await replyTo(callId, question, leftOf(longestWaitSeconds), context);
      user.hide(callId, question.questionId);
      if (!(await take(question.questionId, reply))) return { reading, ownerAnswer };
    }
    const seconds = leftOf(wish.waitSeconds);
    if (isEnded(reading.call) || seconds <= 0 || signal.aborted) return { reading, ownerAnswer };
    ticker.waitsFor(wish.progressMessage);
    // A question wakes as news do, and is for whoever can ask the user.
    const endOnly = wish.endOnly && way.kind === 'none';
    reading = await control.waitFor(callId, { afterSequence, endOnly, timeoutMs: seconds * 1000, signal });
    const isDone = endOnly || !wish.endOnly || isEnded(reading.call);
    if (isDone && askable(reading.call, wish, context) === null) return { reading, ownerAnswer };
    afterSequence = lastSequence(reading);
  }
}

/** The open question, when it can be put to the user. */
function askable({ callId, question }: Call, wish: Wish, { user }: ToolContext): OpenQuestion | null {
  if (question === null || wish.waitSeconds === 0 || user.way.kind === 'none') return null;
  const { questionId } = question;
  return user.isRefused(callId, questionId) || user.isShown(callId, questionId) ? null : question;
}

/**
 * Has the client ask, and takes the question back when it is closed otherwise or the time is up.
 *
 * @returns null then, and when the client takes its own request back
 */
async function replyTo(
  callId: string,
  question: OpenQuestion,
  seconds: number,
  context: ToolContext,
): Promise<UserReply | null> {
  const { control, clock, log, signal, user } = context;
  if (user.way.kind !== 'request') return null;
  const over = new AbortController();
  const end = () => over.abort();
  const stopWatching = control.watch(
    { callId },
    {
      event: (event) => {
        if (event.callId === callId && closes(event, question)) end();
      },
      hint: () => {},
      caughtUp: () => {},
      isSlow: () => false,
      onDropped: () => {},
    },
  );
  const stopTimer = clock.after(Math.max(0, seconds) * 1000, end);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await user.way.ask(question, over.signal);
  } catch (err) {
    if (over.signal.aborted) return null;
    log.debug('mcp client did not ask its user', { callId, err });
    return { action: 'refused' };
  } finally {
    stopWatching();
    stopTimer();
    signal.removeEventListener('abort', end);
  }
}

function closes(event: CallEvent, { questionId }: OpenQuestion): boolean {
  return (
    event.type === 'call-ended' || (event.type === 'question-answered' && event.questionId === questionId)
  );
}
