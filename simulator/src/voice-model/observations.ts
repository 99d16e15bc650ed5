import type { Caption } from '../speech/captions.ts';
import type { ClientEvent, Problem } from './wire.ts';

/** The audio that a client has appended. */
export interface AppendedAudio {
  bytes: number;
  appends: number;
  /** Every caption read in it, in order. */
  readonly captions: Caption[];
}

/** An event that was refused, as it came, and what was answered. */
export interface Violation {
  readonly received: unknown;
  readonly problem: Problem;
}

const patienceMs = 10_000;

/** What a session has seen of its client, to be looked at and waited for by tests. */
export class Observations {
  /** Accepted and refused events in the order of their arrival, but for appended audio. */
  readonly received: ClientEvent[] = [];
  readonly violations: Violation[] = [];
  readonly audio: AppendedAudio = { bytes: 0, appends: 0, captions: [] };
  readonly #waiting = new Set<() => void>();
  #closed: string | undefined;

  /** The words read in the appended audio. */
  get words(): string {
    return this.#captions('word').join(' ');
  }

  get watermarks(): string[] {
    return this.#captions('watermark');
  }

  #captions(kind: Caption['kind']): string[] {
    return this.audio.captions.filter((caption) => caption.kind === kind).map(({ text }) => text);
  }

  /** Waits for a client event (appended audio excepted); one that has already come counts. */
  waitFor<Type extends ClientEvent['type']>(type: Type): Promise<Extract<ClientEvent, { type: Type }>>;
  waitFor(matches: (event: ClientEvent) => boolean): Promise<ClientEvent>;
  waitFor(wanted: string | ((event: ClientEvent) => boolean)): Promise<ClientEvent> {
    const matches = typeof wanted === 'string' ? (event: ClientEvent) => event.type === wanted : wanted;
    const what = typeof wanted === 'string' ? wanted : 'an event';
    return this.until(what, () => this.received.find(matches));
  }

  /** Waits until these words, one after the other, have been read in the appended audio. */
  hears(words: string): Promise<string> {
    return this.until(`the words "${words}"`, () => (this.words.includes(words) ? this.words : undefined));
  }

  /** Looks again at everything that is being waited for. */
  protected changed(): void {
    for (const look of this.#waiting) look();
  }

  protected ended(reason: string): void {
    this.#closed = reason;
    this.changed();
  }

  /**
   * Waits until a look finds something; what is there already counts.
   *
   * @param what names it in the error
   * @throws Error after ten seconds, or when the session closes first
   */
  until<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        finish();
      };
      const fail = (why: string) => {
        const seen = this.received.map(({ type }) => type).join(', ');
        settle(() => reject(new Error(`waited for ${what}, but ${why}; received: ${seen || 'nothing'}`)));
      };
      const check = () => {
        const found = look();
        if (found !== undefined) settle(() => resolve(found));
        else if (this.#closed !== undefined) fail(`the session ${this.#closed}`);
      };
      const timer = setTimeout(() => fail(`${patienceMs} ms have passed`), patienceMs);
      this.#waiting.add(check);
      check();
    });
  }
}
