import { endReason } from '../call/end-reason.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { Tally } from '../lib/tally.ts';
import { VoiceModelFailed } from '../voice-models/voice-model-errors.ts';
import type { VoiceListener, VoiceModel, VoiceSession, VoiceSettings } from '../voice-models/voice-model.ts';

const retryMs = 1000;
/** How long a person who has answered waits for a model that is not there yet. */
const answeredPatienceMs = 4000;

interface WarmUpParts {
  readonly voiceModel: VoiceModel;
  readonly settings: VoiceSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
}

interface WarmUpOutcome {
  opened(voice: VoiceSession): void;
  /** No voice session is to be had. Told once. */
  failed(endReason: EndReason): void;
}

/**
 * Opens the voice session while the phone rings, and tries again until somebody has answered and waits. A refusal
 * that no retry can mend (a wrong key) ends the call at once, before anybody is disturbed.
 */
export class WarmUp {
  readonly #parts: WarmUpParts;
  readonly #listener: VoiceListener;
  readonly #outcome: WarmUpOutcome;
  #isOver = false;
  #stopRetry: () => void = () => {};
  #stopPatience: () => void = () => {};

  constructor(parts: WarmUpParts, listener: VoiceListener, outcome: WarmUpOutcome) {
    this.#parts = parts;
    this.#listener = listener;
    this.#outcome = outcome;
    void this.#try();
  }

  answered(): void {
    if (this.#isOver) return;
    this.#stopPatience();
    this.#stopPatience = this.#parts.clock.after(answeredPatienceMs, () => this.#giveUp());
  }

  stop(): void {
    this.#isOver = true;
    this.#stopRetry();
    this.#stopPatience();
  }

  async #try(): Promise<void> {
    try {
      const voice = await this.#parts.voiceModel.open(this.#parts.settings, this.#listener);
      if (this.#isOver) return voice.close();
      this.stop();
      this.#outcome.opened(voice);
    } catch (err) {
      if (this.#isOver) return;
      this.#parts.log.warn('the voice session could not be opened', { err });
      const isFinal = err instanceof VoiceModelFailed && err.isFinal;
      this.#parts.tally.add('model-error', isFinal ? 'open-refused' : 'open-failed');
      if (isFinal) return this.#giveUp(err.message);
      this.#stopRetry = this.#parts.clock.after(retryMs, () => void this.#try());
    }
  }

  #giveUp(message?: string): void {
    if (this.#isOver) return;
    this.stop();
    this.#outcome.failed(endReason('fault', 'model_error', message));
  }
}
