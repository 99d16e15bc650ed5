import type { HeardAudio } from './ears.ts';
import type { Faults } from './faults.ts';
import { transcriptionUsage } from './usage.ts';
import type { ServerEvent } from './wire.ts';

/** How long after the commit a transcript comes, in turn: sometimes after the reply has begun. */
const delaysMs = [150, 350, 250, 400];

/** The separate model that writes down what the person said: asynchronous, and in no promised order. */
export class Transcriber {
  readonly #send: (event: ServerEvent) => void;
  readonly #fault: Faults['transcripts'];
  #count = 0;
  /** With reversed transcripts, the first of a pair. */
  #held: (() => void) | undefined;

  constructor(send: (event: ServerEvent) => void, fault: Faults['transcripts']) {
    this.#send = send;
    this.#fault = fault;
  }

  /** @param wantsLogprobs whether the session includes `item.input_audio_transcription.logprobs` */
  transcribe(itemId: string, transcript: string, durationMs: number, wantsLogprobs: boolean): void {
    const delayMs = delaysMs[this.#count++ % delaysMs.length] ?? 0;
    if (this.#fault === 'missing') return;
    const lateMs = typeof this.#fault === 'object' ? this.#fault.lateMs : 0;
    const tell = () => this.#tell(itemId, transcript, durationMs, wantsLogprobs);
    setTimeout(() => (this.#fault === 'reversed' ? this.#tellReversed(tell) : tell()), delayMs + lateMs);
  }

  #tellReversed(tell: () => void): void {
    if (!this.#held) {
      this.#held = tell;
      return;
    }
    tell();
    this.#held();
    this.#held = undefined;
  }

  #tell(itemId: string, transcript: string, durationMs: number, wantsLogprobs: boolean): void {
    const type = 'conversation.item.input_audio_transcription';
    const at = { item_id: itemId, content_index: 0 };
    if (this.#fault === 'failed') {
      const error = {
        type: 'transcription_error',
        code: 'audio_unintelligible',
        message: 'The audio could not be transcribed.',
      };
      this.#send({ type: `${type}.failed`, ...at, error });
      return;
    }
    for (const delta of transcript.match(/\s*\S+/g) ?? [])
      this.#send({ type: `${type}.delta`, ...at, delta });
    const logprobs = wantsLogprobs ? { logprobs: logprobsOf(transcript) } : {};
    const usage = transcriptionUsage(durationMs, transcript);
    this.#send({ type: `${type}.completed`, ...at, transcript, ...logprobs, usage });
  }
}

/** @returns what the captions said; honest about what had none */
export function transcriptOf({ words, sounds }: HeardAudio): string {
  if (words.length > 0) return words.join(' ');
  if (sounds.length > 0) return sounds.map((sound) => `(${sound})`).join(' ');
  return '(speech without captions)';
}

function logprobsOf(transcript: string): object[] {
  return transcript.split(' ').map((token) => ({ token, logprob: -0.02, bytes: [...Buffer.from(token)] }));
}
