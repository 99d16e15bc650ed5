import type { DocumentSource } from './call-order.ts';
import type { Violation } from './media-stream.ts';
import { TwimlError } from './twiml.ts';
import { requestWebhook } from './webhooks.ts';

/** One call's requests to the server that ordered it, and what went wrong with them. */
export class CallWebhooks {
  /** Webhooks that failed and documents that could not be run, with Twilio's codes. */
  readonly problems: Violation[] = [];
  readonly #authToken: string;
  readonly #onProblem: () => void;
  readonly #underWay = new Set<Promise<void>>();

  constructor(authToken: string, onProblem: () => void) {
    this.#authToken = authToken;
    this.#onProblem = onProblem;
  }

  /** Posts a callback. A failure is a problem of the call and not of whoever calls this. */
  async post(url: string, method: 'GET' | 'POST', form: Readonly<Record<string, string>>): Promise<void> {
    await this.keep(this.#posted(url, method, form));
  }

  /** @throws TwimlError 11200 if the document cannot be had */
  async document(source: DocumentSource, form: Readonly<Record<string, string>>): Promise<string> {
    if ('twiml' in source) return source.twiml;
    const { url, method } = source;
    const answer = await requestWebhook(this.#authToken, {
      url,
      method,
      form: { ...form, ...source.form },
    }).catch((error: unknown) => {
      throw new TwimlError(11200, `${url}: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw new TwimlError(11200, `${url} answered ${answer.status}`);
  }

  problem(code: number, message: string): void {
    this.problems.push({ code, message });
    this.#onProblem();
  }

  /** Has `settled` wait for some work. */
  keep(work: Promise<void>): Promise<void> {
    const kept = work
      .catch((error: unknown) => this.problem(0, String(error)))
      .finally(() => this.#underWay.delete(kept));
    this.#underWay.add(kept);
    return kept;
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #posted(url: string, method: 'GET' | 'POST', form: Readonly<Record<string, string>>): Promise<void> {
    try {
      const { status } = await requestWebhook(this.#authToken, { url, method, form });
      if (status >= 400) this.problem(11200, `${url} answered ${status}`);
    } catch (error) {
      this.problem(11200, `${url}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
