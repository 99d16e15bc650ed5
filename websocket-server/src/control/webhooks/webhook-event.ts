import { durationSeconds } from '../../call/call.ts';
import type { Call, CallState } from '../../call/call.ts';
import type { CallEvent } from '../../call/call-event.ts';
import type { Outcome } from '../../call/outcome.ts';
import type { WebhookKind, WebhookSettings } from '../../lib/webhook-settings.ts';
import type { WebhookMessage } from '../../storage/webhook-outbox.ts';

interface Told {
  readonly kind: WebhookKind;
  /** Where the call is by this event, which may be behind the call's fold. */
  readonly state?: CallState;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What is sent of an event; undefined when nothing is. @param call its fold after the event, or later */
export function webhookMessageOf(
  event: CallEvent,
  call: Call | undefined,
  { kinds, withWords }: Pick<WebhookSettings, 'kinds' | 'withWords'>,
): WebhookMessage | undefined {
  const told = toldOf(event, call, withWords);
  if (told === undefined || call === undefined || !kinds.includes(told.kind)) return undefined;
  const { callId, direction, to, from } = call;
  const data = {
    callId,
    sequence: event.sequence,
    state: told.state ?? call.state,
    direction,
    to,
    from,
    ...told.data,
  };
  return { kind: told.kind, body: webhookBody(told.kind, event.at, data) };
}

/** A body as Standard Webhooks has it. @param at ms since 1970 */
export function webhookBody(kind: string, at: number, data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type: kind, timestamp: new Date(at).toISOString(), data });
}

function toldOf(event: CallEvent, call: Call | undefined, withWords: boolean): Told | undefined {
  switch (event.type) {
    case 'call-requested': {
      const scheduledAt = event.scheduledAt ?? null;
      const when = scheduledAt === null ? null : new Date(scheduledAt).toISOString();
      return { kind: 'call.requested', state: 'queued', data: { scheduledAt: when } };
    }
    case 'call-arrived':
      return { kind: 'call.arrived', state: 'ringing' };
    case 'call-ringing':
      return { kind: 'call.ringing', state: 'ringing' };
    case 'call-answered':
      return { kind: 'call.answered', state: 'connected' };
    case 'question-asked': {
      const { questionId, question, expiresAt } = event;
      const data = {
        questionId,
        expiresAt: new Date(expiresAt).toISOString(),
        ...(withWords && { question }),
      };
      return { kind: 'call.question_asked', state: 'connected', data };
    }
    case 'question-answered': {
      const { questionId, answer } = event;
      const data = { questionId, answered: answer !== null, ...(withWords && { answer }) };
      return { kind: 'call.question_answered', state: 'connected', data };
    }
    case 'outcome-reported':
      return { kind: 'call.result_reported', data: { result: resultOf(event.outcome, withWords) } };
    case 'call-ended': {
      const { state, endReason, endedAt } = event;
      const data = call && {
        duration: durationSeconds({ ...call, endedAt }, endedAt),
        answeredBy: call.answeredBy,
        endReason,
        result: call.outcome && resultOf(call.outcome, withWords),
        cost: call.cost,
      };
      return { kind: 'call.ended', state, ...(data && { data }) };
    }
    case 'carrier-cost-noted':
      return event.isEstimate
        ? undefined
        : { kind: 'call.priced', ...(call && { data: { cost: call.cost } }) };
    case 'number-barred':
      return { kind: 'number.barred', data: { number: event.number } };
    default:
      return undefined;
  }
}

function resultOf({ status, summary, entities }: Outcome, withWords: boolean) {
  return { status, ...(withWords && { summary, entities }) };
}
