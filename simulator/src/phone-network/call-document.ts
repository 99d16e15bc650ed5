import type { CallState, DocumentSource } from './call-order.ts';
import { playDigits, playToPerson, runScript } from './script.ts';
import type { ScriptEnd, ScriptHost } from './script.ts';
import { parseTwiml, TwimlError } from './twiml.ts';

/** What a call lends to the document that it runs. */
export interface CallDocumentHost {
  readonly script: ScriptHost;
  isOver(): boolean;
  isAnswered(): boolean;
  /** @returns false if the call was over before */
  pickUp(): Promise<boolean>;
  /** @throws TwimlError if the document cannot be had */
  request(source: DocumentSource): Promise<string>;
  /** Notes what went wrong, with Twilio's code or 0. */
  problem(code: number, message: string): void;
  end(state: CallState, by: 'document' | 'network', sipResponseCode?: number): void;
}

const applicationError = 'We are sorry, an application error has occurred. Goodbye.';

/** The document that a call runs at the moment. Another one takes its place, and what ran is stopped. */
export class CallDocument {
  readonly #host: CallDocumentHost;
  #running = new AbortController();

  constructor(host: CallDocumentHost) {
    this.#host = host;
  }

  /** Asks for a document and runs it, and those that it leads to, up to the end of the call. */
  async run(source: DocumentSource): Promise<void> {
    const host = this.#host;
    if (host.isOver()) return;
    this.#running.abort();
    const { signal } = (this.#running = new AbortController());
    try {
      const verbs = parseTwiml(await host.request(source));
      if (signal.aborted || host.isOver()) return;
      if (!host.isAnswered() && verbs[0]?.verb !== 'Reject' && !(await host.pickUp())) return;
      const end = await runScript(host.script, verbs, signal);
      if (end.next === 'request') await this.run(resolved(end, source));
      else if (end.next === 'reject') host.end(end.reason === 'busy' ? 'busy' : 'failed', 'document', 603);
      else if (end.next === 'hang-up') host.end('completed', 'document');
    } catch (error) {
      if (signal.aborted) return;
      host.problem(error instanceof TwimlError ? error.code : 0, String(error));
      if (source.fallback) return this.run(source.fallback);
      await this.#apologise(signal);
    }
  }

  /** Plays keys to whoever has answered. @returns false if something else took over meanwhile */
  async press(digits: string): Promise<boolean> {
    const { signal } = this.#running;
    await playDigits(this.#host.script, digits, signal);
    return !signal.aborted;
  }

  stop(): void {
    this.#running.abort();
  }

  async #apologise(signal: AbortSignal): Promise<void> {
    const { script } = this.#host;
    if (!this.#host.isAnswered()) return this.#host.end('failed', 'network', 500);
    const spoken = await script.announcement(applicationError).catch(() => undefined);
    if (spoken) await playToPerson(script.line, spoken, signal);
    if (!signal.aborted) this.#host.end('completed', 'network');
  }
}

/** A relative URL in a document is relative to where the document came from. */
function resolved(end: Extract<ScriptEnd, { next: 'request' }>, from: DocumentSource): DocumentSource {
  const base = 'url' in from ? from.url : undefined;
  return { url: new URL(end.url, base).href, method: end.method, form: end.form };
}
