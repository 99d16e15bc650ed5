import type { Worker } from 'node:worker_threads';
import { startWorkerThread } from '../worker-thread.ts';
import type { SpeechReply, SpeechRequest } from './speech-worker.ts';
import type { SpokenText } from './spoken-text.ts';

/** rms, kal16: male · awb: male, Scottish · slt: female, the one that recognisers understand least on a phone. */
export type Voice = 'rms' | 'slt' | 'awb' | 'kal16';

/** A voice for the simulated parties: flite in a worker thread, captions in the audio. */
export interface Speech {
  /**
   * Speaks a text. The same text in the same voice is the same object again, from a cache.
   *
   * @throws Error if the synthesiser fails or the speech has been closed
   */
  say(text: string, voice: Voice): Promise<SpokenText>;
  /** Speaks ahead what will be said later, so that `say` answers at once. */
  prepare(utterances: readonly { readonly text: string; readonly voice: Voice }[]): Promise<void>;
  close(): Promise<void>;
}

/** Audio kept, in bytes: half an hour. */
const cacheBytes = 30 * 60 * 8000;

/** Starts a synthesiser. Its thread starts with the first word and does not keep the process alive when idle. */
export function createSpeech(): Speech {
  const waiting = new Map<number, { done: (spoken: SpokenText) => void; failed: (error: Error) => void }>();
  const cache = new SpeechCache();
  let worker: Worker | undefined;
  let lastId = 0;
  let isClosed = false;

  const failAll = (error: Error) => {
    worker = undefined;
    for (const { failed } of waiting.values()) failed(error);
    waiting.clear();
  };

  const thread = (): Worker => {
    if (worker) return worker;
    const started = startWorkerThread(import.meta.url, 'speech-worker', undefined);
    worker = started;
    started.on('message', (reply: SpeechReply) => {
      const asked = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (waiting.size === 0) started.unref();
      if ('spoken' in reply) asked?.done(reply.spoken);
      else asked?.failed(new Error(reply.problem));
    });
    started.on('error', (cause) => {
      if (worker === started) failAll(new Error('the speech thread failed', { cause }));
    });
    started.on('exit', (code) => {
      if (worker === started) failAll(new Error(`the speech thread ended with ${code}`));
    });
    return started;
  };

  const synthesise = (text: string, voice: Voice): Promise<SpokenText> => {
    if (isClosed) return Promise.reject(new Error('the speech has been closed'));
    return new Promise((done, failed) => {
      const id = ++lastId;
      waiting.set(id, { done, failed });
      const to = thread();
      to.ref();
      to.postMessage({ id, text, voice } satisfies SpeechRequest);
    });
  };

  const say = (text: string, voice: Voice): Promise<SpokenText> =>
    cache.get(`${voice} ${text}`, () => synthesise(text, voice));

  return {
    say,
    prepare: async (utterances) => {
      await Promise.all(utterances.map(({ text, voice }) => say(text, voice)));
    },
    close: async () => {
      isClosed = true;
      const ending = worker;
      failAll(new Error('the speech has been closed'));
      await ending?.terminate();
    },
  };
}

/** The least recently used goes first; what is being made counts nothing until it is there. */
class SpeechCache {
  readonly #entries = new Map<string, Promise<SpokenText>>();
  readonly #sizes = new Map<string, number>();
  #bytes = 0;

  get(key: string, make: () => Promise<SpokenText>): Promise<SpokenText> {
    const known = this.#entries.get(key);
    const entry = known ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (known === undefined) {
      entry.then(
        (spoken) => this.#made(key, spoken.audio.length),
        () => this.#entries.delete(key),
      );
    }
    return entry;
  }

  #made(key: string, bytes: number): void {
    this.#sizes.set(key, bytes);
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= cacheBytes) return;
      const size = this.#sizes.get(oldest);
      if (size === undefined || oldest === key) continue;
      this.#entries.delete(oldest);
      this.#sizes.delete(oldest);
      this.#bytes -= size;
    }
  }
}
