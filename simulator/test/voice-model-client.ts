import { WebSocket } from 'ws';
import { silenceLasting } from '../src/speech/mulaw.ts';
import type { Speech } from '../src/speech/speech.ts';
import { hummedText } from '../src/speech/spoken-text.ts';
import { validatorOf } from '../src/voice-model/client-event-check.ts';
import type { SimulatedVoiceModel } from '../src/voice-model/voice-model.ts';

/** Hums instead of speaking: captions and lengths are as with real speech, without the synthesiser. */
export const hum: Speech = {
  say: (text) => Promise.resolve(hummedText(text)),
  prepare: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: any; // oxlint-disable-line typescript/no-explicit-any -- tests read any field of any event
}

/** A Realtime client that checks every event it gets against the published schema. */
export interface Client {
  readonly events: readonly ServerEvent[];
  readonly types: readonly string[];
  readonly closed: Promise<number>;
  send(event: object): void;
  /** The first event of a type that has not been waited for before. */
  next(type: string): Promise<ServerEvent>;
  append(...audio: readonly Uint8Array[]): void;
  /** A sentence and the silence after which it counts as finished. */
  speaks(text: string): void;
  close(): void;
}

export interface ConnectOptions {
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @throws Error with the HTTP status if the upgrade is refused */
export async function connect(model: SimulatedVoiceModel, options: ConnectOptions = {}): Promise<Client> {
  const url = `${model.baseUrl.replace(/^http/, 'ws')}/realtime?model=${options.model ?? 'gpt-realtime-2.1'}`;
  const socket = new WebSocket(url, { headers: options.headers ?? { authorization: 'Bearer test' } });
  const events: ServerEvent[] = [];
  const taken = new Map<string, number>();
  const waiting = new Set<() => void>();
  let invalid: string | undefined;
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as ServerEvent;
    events.push(event);
    invalid ??= problemOf(event);
    for (const look of waiting) look();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      resolve(code);
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });

  const client: Client = {
    events,
    get types() {
      return events.map(({ type }) => type);
    },
    closed,
    send: (event) => socket.send(JSON.stringify(event)),
    next: (type) =>
      new Promise((resolve, reject) => {
        const index = taken.get(type) ?? 0;
        taken.set(type, index + 1);
        const look = () => {
          const found = events.filter((event) => event.type === type)[index];
          if (invalid !== undefined) reject(new Error(invalid));
          else if (found) resolve(found);
          else if (socket.readyState !== socket.OPEN)
            reject(new Error(`closed before ${type}; got ${client.types.join(', ')}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
    append: (...audio) => {
      client.send({ type: 'input_audio_buffer.append', audio: Buffer.concat(audio).toString('base64') });
    },
    speaks: (text) => client.append(silenceLasting(100), hummedText(text).audio, silenceLasting(600)),
    close: () => socket.close(),
  };
  return client;
}

/** A client whose session already speaks µ-law. */
export async function connectPhone(
  model: SimulatedVoiceModel,
  session: object = {},
  audio: { input?: object; output?: object } = {},
): Promise<Client> {
  const client = await connect(model);
  const format = { type: 'audio/pcmu' };
  client.send({
    type: 'session.update',
    session: {
      type: 'realtime',
      ...session,
      audio: { input: { format, ...audio.input }, output: { format, ...audio.output } },
    },
  });
  await client.next('session.updated');
  return client;
}

function problemOf(event: ServerEvent): string | undefined {
  const { type } = event;
  const validate = validatorOf(type === 'session.mood_changed' ? 'AnyServerEvent' : 'ServerEvent');
  return validate(event)
    ? undefined
    : `${type} is not valid: ${JSON.stringify(validate.errors?.slice(0, 3))}`;
}
