import type { Readable } from 'node:stream';
import type { Call } from '../call/call.ts';
import { CallNotFound, InvalidRequest } from '../lib/errors.ts';
import type { Clock } from '../lib/runtime.ts';
import type { CallStore } from '../storage/call-store.ts';
import type { KeptCalls } from '../storage/kept-calls.ts';
import type { WebhookOutbox } from '../storage/webhook-outbox.ts';
import { phoneNumber } from './do-not-call.ts';
import type { Recordings } from './recordings.ts';

export interface ExportRequest {
  readonly callId?: string | undefined;
  /** All calls with whoever has that number. */
  readonly number?: string | undefined;
  /** ISO 8601: calls requested then and later. */
  readonly since?: string | undefined;
  /** With the audio, in base64. */
  readonly recordings?: boolean | undefined;
}

/** Gives out all that is held about a call, a number, or everybody. */
export interface ExportControl {
  /**
   * Lines of JSON, read from the store as they are taken.
   *
   * @throws InvalidRequest, CallNotFound before the first line
   */
  export(request: ExportRequest): Promise<AsyncIterable<string>>;
}

interface ExportParts {
  readonly store: Pick<CallStore, 'call' | 'eventsOf' | 'doNotCall'>;
  readonly kept: Pick<KeptCalls, 'walk'>;
  readonly outbox: Pick<WebhookOutbox, 'page'>;
  readonly recordings: Pick<Recordings, 'of'>;
  readonly clock: Clock;
  /** Of this server, e.g. `1.2.0`. */
  readonly version: string;
}

const callsAtOnce = 20;
const entriesAtOnce = 200;

type Line = { readonly kind: string } & Readonly<Record<string, unknown>>;

export class Export implements ExportControl {
  readonly #parts: ExportParts;

  constructor(parts: ExportParts) {
    this.#parts = parts;
  }

  async export({ callId, number, since, recordings = false }: ExportRequest): Promise<AsyncIterable<string>> {
    if ([callId, number, since].filter((wish) => wish !== undefined).length > 1) {
      throw new InvalidRequest('Name one of a call, a number or a time; or none, for everything.');
    }
    const { store, clock, version } = this.#parts;
    const person = number === undefined ? undefined : phoneNumber(number);
    const only = callId === undefined ? undefined : await store.call(callId);
    if (callId !== undefined && only === undefined) throw new CallNotFound(callId);
    const from = since === undefined ? undefined : momentOf(since);
    const calls = only === undefined ? this.#walk(person, from) : [only];
    const asked = { callId: callId ?? null, number: person ?? null, since: since ?? null, recordings };
    const madeAt = new Date(clock.now()).toISOString();
    const head = { kind: 'export', format: 1, version, madeAt, asked };
    return inText(
      this.#lines(head, calls, callId === undefined ? (person ?? 'everybody') : undefined, recordings),
    );
  }

  async *#lines(
    head: Line,
    calls: AsyncIterable<Call> | Iterable<Call>,
    listed: string | undefined,
    withAudio: boolean,
  ): AsyncGenerator<Line> {
    yield head;
    let count = 0;
    for await (const call of calls) {
      yield* this.#about(call, withAudio);
      count++;
    }
    if (listed !== undefined) yield* this.#barred(listed);
    yield { kind: 'end', calls: count };
  }

  async *#about(call: Call, withAudio: boolean): AsyncGenerator<Line> {
    const { store, outbox, recordings } = this.#parts;
    const { callId } = call;
    yield { kind: 'call', call };
    for (const { position, event } of await store.eventsOf(callId)) yield { kind: 'event', position, event };
    let before: string | undefined;
    do {
      const page = await outbox.page({ callId, limit: entriesAtOnce, before });
      for (const { body, ...delivery } of page.deliveries) {
        yield { kind: 'delivery', delivery: { ...delivery, payload: JSON.parse(body) as unknown } };
      }
      before = page.nextCursor ?? undefined;
    } while (before !== undefined);
    const recording = await recordings.of(callId);
    if (recording === undefined) return;
    yield { kind: 'recording', callId, bytes: recording.bytes, type: 'audio/wav' };
    if (withAudio) yield* audioOf(callId, recording.read(0, recording.bytes - 1));
  }

  async *#walk(person: string | undefined, since: number | undefined): AsyncGenerator<Call> {
    let after: Call | undefined;
    do {
      const calls: readonly Call[] = await this.#parts.kept.walk({
        person,
        since,
        after,
        limit: callsAtOnce,
      });
      yield* calls;
      after = calls.at(-1);
    } while (after !== undefined);
  }

  /** @param listed a number, or `everybody` */
  async *#barred(listed: string): AsyncGenerator<Line> {
    const { doNotCall } = this.#parts.store;
    let after: string | undefined;
    do {
      const page = await doNotCall.page({ limit: entriesAtOnce, after });
      for (const entry of page.entries) {
        if (listed === 'everybody' || entry.number === listed) yield { kind: 'do-not-call', entry };
      }
      after = page.nextCursor ?? undefined;
    } while (after !== undefined);
  }
}

/** A file in pieces that are base64 each. */
async function* audioOf(callId: string, file: Readable): AsyncGenerator<Line> {
  let part = 0;
  for await (const bytes of file) {
    yield { kind: 'recording-part', callId, part, base64: (bytes as Buffer).toString('base64') };
    part++;
  }
}

async function* inText(lines: AsyncIterable<Line>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}

function momentOf(text: string): number {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new InvalidRequest('"since" must be a time in ISO 8601, e.g. 2030-01-31 or 2030-01-31T08:00:00Z.');
}
