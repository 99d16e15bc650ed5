import { readToolUse } from '../agent/agent-tools.ts';
import type { OutcomeReport } from '../agent/agent-tools.ts';
import { boundOutcome, sameOutcome } from '../agent/outcome-evidence.ts';
import type { AnsweredBy } from '../call/call.ts';
import type { CallHappening } from '../call/call-event.ts';
import type { Outcome } from '../call/outcome.ts';
import type { Transcript } from '../call/transcript.ts';
import type { Clock } from '../lib/runtime.ts';
import type { VoiceEvent, VoiceSession } from '../voice-models/voice-model.ts';

interface LastWordsParts {
  readonly record: (happening: CallHappening) => void;
  /** The turns recorded so far. */
  readonly transcript: () => Transcript;
  /** The model says on the side who is there. */
  readonly answererHeard: (who: AnsweredBy) => void;
  readonly clock: Clock;
}

/** How long an ended call waits for words that are still being transcribed, and for a missing outcome. */
const lastWordsMs = 2500;

/** What came of the call: the agent's report, held against the transcript, and the words that came after the line was gone. */
export class LastWords {
  readonly #parts: LastWordsParts;
  /** Responses that the person does not hear. */
  readonly #asides = new Set<string>();
  #report: OutcomeReport | undefined;
  #outcome: Outcome | undefined;
  #onNews: (() => void) | undefined;

  constructor(parts: LastWordsParts) {
    this.#parts = parts;
  }

  /** @returns true for an event of an aside that is no part of the conversation */
  takes(event: VoiceEvent): boolean {
    if (event.type === 'response-started' && event.isAside) this.#asides.add(event.responseId);
    if (event.type !== 'tool-called' || !this.#asides.has(event.responseId)) return false;
    const used = readToolUse(event.name, event.arguments);
    if (used.kind === 'report-outcome') this.#report = used.report;
    if (used.kind === 'who-answered') this.#parts.answererHeard(used.who);
    return true;
  }

  /** The conversation has taken note of an event. */
  noted(event: VoiceEvent): void {
    if (event.type === 'response-ended') this.#asides.delete(event.responseId);
    this.#onNews?.();
  }

  /** The voice session is gone, and what it was to report. */
  lost(): void {
    this.#asides.clear();
    this.#onNews?.();
  }

  reported(report: OutcomeReport): void {
    this.#report = report;
    this.bind();
  }

  /** Records the outcome as far as the transcript bears it out, where that is news. */
  bind(): void {
    if (this.#report === undefined) return;
    const outcome = boundOutcome(this.#report, this.#parts.transcript());
    if (sameOutcome(outcome, this.#outcome)) return;
    this.#outcome = outcome;
    this.#parts.record({ type: 'outcome-reported', outcome });
  }

  /**
   * Waits a moment for transcriptions on their way and, where the agent reported nothing, asks it on the side.
   *
   * @param isVoicemail nobody was there to talk with
   * @param isTranscribed every turn of the person has its words
   */
  async wait(voice: VoiceSession, isVoicemail: boolean, isTranscribed: () => boolean): Promise<void> {
    const hasTalk = !isVoicemail && this.#parts.transcript().some((turn) => turn.speaker === 'person');
    if (this.#report === undefined && hasTalk) {
      voice.requestResponse({ requestId: 'outcome', aside: { tool: 'report_outcome' } });
    }
    const isSettled = () =>
      isTranscribed() && (this.#report !== undefined || !hasTalk) && this.#asides.size === 0;
    if (isSettled()) return;
    await new Promise<void>((resolve) => {
      const stop = this.#parts.clock.after(lastWordsMs, resolve);
      this.#onNews = () => {
        if (!isSettled()) return;
        stop();
        resolve();
      };
    });
    this.#onNews = undefined;
  }
}
