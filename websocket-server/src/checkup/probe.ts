import type { Runtime } from '../lib/runtime.ts';

/** Path, for HTTP and for WebSocket, at which this very process proves that it is reached. */
export const probePath = '/probe';

/**
 * Questions that only this process can answer: whoever asks one through our public URL and gets the answer has
 * reached us, not another server that looks alike.
 */
export class Probe {
  readonly #newId: Runtime['newId'];
  readonly #answers = new Map<string, string>();

  constructor({ newId }: Pick<Runtime, 'newId'>) {
    this.#newId = newId;
  }

  /** @returns `path` with its query; `forget` must be called when the question was asked */
  ask(): { readonly path: string; readonly answer: string; forget(): void } {
    const nonce = this.#newId('ask');
    const answer = this.#newId('probe');
    this.#answers.set(nonce, answer);
    return {
      path: `${probePath}?nonce=${nonce}`,
      answer,
      forget: () => void this.#answers.delete(nonce),
    };
  }

  /** @returns undefined for a question that this process did not ask */
  answerTo(nonce: string): string | undefined {
    return this.#answers.get(nonce);
  }
}
