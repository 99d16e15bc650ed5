import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';
import type { CallEvent } from '../call/call-event.ts';
import { parseTraceParent } from '../lib/trace-parent.ts';

type Ended = Extract<CallEvent, { type: 'call-ended' }>;

/**
 * One call as a trace: a span for the call, below it one for each stage (placing, dialing, ringing, on the line), and
 * below that its turns, replies, tools and questions. Built from the event log alone. Nothing personal gets into it:
 * no number, no word, no goal.
 */
export class CallSpans {
  readonly #tracer: Tracer;
  readonly #call: Span;
  readonly #parent: Context;
  #stage: { readonly span: Span; readonly parent: Context };
  readonly #open = new Map<string, Span>();

  constructor(tracer: Tracer, first: CallEvent) {
    this.#tracer = tracer;
    const isInbound = first.type === 'call-arrived';
    const asked = first.type === 'call-requested' ? parseTraceParent(first.traceparent) : undefined;
    const above =
      asked === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...asked, isRemote: true });
    const attributes: Attributes = {
      'telephone.call.id': first.callId,
      'telephone.call.direction': isInbound ? 'inbound' : 'outbound',
    };
    this.#call = tracer.startSpan(
      'call',
      { startTime: first.at, kind: SpanKind.SERVER, attributes, root: asked === undefined },
      above,
    );
    this.#parent = trace.setSpan(ROOT_CONTEXT, this.#call);
    this.#stage = this.#stageFrom(isInbound ? 'ringing' : 'placing', first.at);
  }

  /** @returns whether the call has ended, and with it the trace */
  add(event: CallEvent): boolean {
    switch (event.type) {
      case 'dialing-started':
        this.#call.setAttribute('telephone.carrier', event.carrier);
        this.#enter('dialing', event.at);
        break;
      case 'call-ringing':
        this.#enter('ringing', event.at);
        break;
      case 'call-answered':
        this.#enter('on the line', event.at);
        break;
      case 'answerer-identified':
        this.#call.setAttribute('telephone.call.answered_by', event.answeredBy);
        break;
      case 'turn-started': {
        const span = this.#span(`${event.speaker} turn`, event.at - (event.lastedMs ?? 0));
        this.#open.set(event.turnId, span);
        break;
      }
      case 'barge-in':
        this.#open.get(event.turnId)?.addEvent(event.type, { 'telephone.heard_ms': event.heardMs }, event.at);
        break;
      case 'turn-ended':
        this.#close(event.turnId, event.at, { 'telephone.turn.interrupted': event.isInterrupted });
        break;
      case 'reply-timed':
        this.#span('reply', event.at - event.heardMs, {
          'telephone.reply.model_ms': event.modelMs,
          'telephone.reply.sent_ms': event.sentMs,
          'telephone.reply.heard_ms': event.heardMs,
        }).end(event.at);
        break;
      case 'tool-called':
        this.#open.set(event.toolCallId, this.#span(`tool ${event.name}`, event.at));
        break;
      case 'tool-answered':
        this.#close(event.toolCallId, event.at, {});
        break;
      case 'question-asked':
        this.#open.set(event.questionId, this.#span('question', event.at));
        break;
      case 'question-answered':
        this.#close(event.questionId, event.at, { 'telephone.question.answered': event.answer !== null });
        break;
      case 'call-steered':
        this.#call.addEvent(event.type, { 'telephone.action': event.action }, event.at);
        break;
      case 'media-stream-opened':
      case 'media-stream-closed':
      case 'voice-session-opened':
      case 'voice-session-lost':
      case 'message-left':
      case 'digits-pressed':
      case 'call-transferred':
      case 'hang-up-requested':
      case 'hang-up-unconfirmed':
        this.#call.addEvent(event.type, {}, event.at);
        break;
      case 'call-ended':
        this.#end(event);
        return true;
    }
    return false;
  }

  /** The process ends before the call does. @param at ms since 1970 */
  abandon(at: number): void {
    for (const span of [...this.#open.values(), this.#stage.span, this.#call]) span.end(at);
  }

  #end({ at, endedAt, state, endReason }: Ended): void {
    this.#call.setAttributes({
      'telephone.call.state': state,
      'telephone.call.end_reason.by': endReason.by,
      'telephone.call.end_reason.why': endReason.why,
    });
    if (endReason.by === 'fault') this.#call.setStatus({ code: SpanStatusCode.ERROR });
    for (const span of this.#open.values()) span.end(at);
    this.#stage.span.end(endedAt);
    this.#call.end(at);
  }

  #enter(name: string, at: number): void {
    this.#stage.span.end(at);
    this.#stage = this.#stageFrom(name, at);
  }

  #stageFrom(name: string, startTime: number) {
    const span = this.#tracer.startSpan(name, { startTime }, this.#parent);
    return { span, parent: trace.setSpan(ROOT_CONTEXT, span) };
  }

  #span(name: string, startTime: number, attributes: Attributes = {}): Span {
    return this.#tracer.startSpan(name, { startTime, attributes }, this.#stage.parent);
  }

  #close(id: string, at: number, attributes: Attributes): void {
    this.#open.get(id)?.setAttributes(attributes).end(at);
    this.#open.delete(id);
  }
}
