import { chunkOfBase64, type Chunk } from '../../lib/chunk.ts';
import type { FrameSocket } from '../../lib/frames/frame-socket.ts';
import { spells, stringField } from '../../lib/json-scan.ts';
import type { Log } from '../../lib/log.ts';
import type { Clock } from '../../lib/runtime.ts';
import type {
  ResponseRequest,
  VoiceEvent,
  VoiceListener,
  VoiceSession,
  VoiceSettings,
} from '../voice-model.ts';
import { audioDeltaType, DeltaReader, isBase64 } from './delta-reader.ts';
import {
  appendEnd,
  appendStart,
  itemDelete,
  itemTruncate,
  responseCancel,
  responseCreate,
  sessionReconfigure,
  textItemCreate,
  toolOutputCreate,
} from './client-events.ts';
import { EventTranslator } from './event-translator.ts';
import { Heartbeat } from './heartbeat.ts';
import { parseMessage, textIn } from './json.ts';
import { withoutSecrets } from './refusals.ts';
import { isReadType, serverEvent, type ServerEvent } from './server-events.ts';
import { usageIn } from './usage.ts';

/** Ten minutes of audio, or a novel: no event is so long, and reading it would keep the other calls waiting. */
const longestEventBytes = 4 * 1024 * 1024;

/** A configured session on an open socket, which it owns. Nothing a peer sends makes it throw. */
export class OpenAiVoiceSession implements VoiceSession {
  readonly sessionId: string;
  readonly model: string;
  readonly expiresAt: number | null;
  readonly #socket: FrameSocket;
  readonly #transcriptionModel: string;
  #settings: VoiceSettings;
  readonly #listener: VoiceListener;
  readonly #log: Log;
  readonly #deltas = new DeltaReader();
  readonly #translator = new EventTranslator();
  readonly #heartbeat: Heartbeat;
  #sentEvents = 0;
  #unreadable = 0;
  #isClosing = false;
  #isClosed = false;

  constructor(options: {
    readonly socket: FrameSocket;
    readonly sessionId: string;
    readonly model: string;
    readonly expiresAt: number | null;
    readonly transcriptionModel: string;
    readonly settings: VoiceSettings;
    readonly listener: VoiceListener;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.sessionId = options.sessionId;
    this.model = options.model;
    this.expiresAt = options.expiresAt;
    this.#transcriptionModel = options.transcriptionModel;
    this.#settings = options.settings;
    this.#listener = options.listener;
    this.#log = options.log;
    const socket = options.socket;
    this.#socket = socket;
    this.#heartbeat = new Heartbeat(
      options.clock,
      () => socket.ping(),
      () => this.#drop('OpenAI no longer answers.'),
    );
    socket.handOver({
      message: (bytes) => this.#received(bytes),
      pong: () => this.#heartbeat.heard(),
      closed: (code, reason, error) =>
        this.#ended(
          error === undefined
            ? closeSentence(code, reason)
            : withoutSecrets(`The connection to OpenAI failed: ${error.message}`),
        ),
    });
  }

  get backlogBytes(): number {
    return this.#socket.backlogBytes;
  }

  append(chunk: Chunk): void {
    if (this.#isClosing) return;
    this.#socket.sendSpliced(appendStart, chunk.base64, appendEnd);
  }

  requestResponse(request: ResponseRequest): void {
    if (request.aside === undefined) this.#translator.requested(request.requestId);
    this.#send(responseCreate(request, this.#settings));
  }

  cancelResponse(responseId: string | undefined): void {
    this.#send(responseCancel(this.#nextEventId('cancel'), responseId));
  }

  truncate(itemId: string, heardMs: number): void {
    this.#send(itemTruncate(this.#nextEventId('truncate'), itemId, heardMs));
  }

  deleteItem(itemId: string): void {
    this.#send(itemDelete(this.#nextEventId('delete'), itemId));
  }

  addText(role: 'person' | 'agent' | 'system', text: string): void {
    this.#send(textItemCreate(this.#nextEventId('text'), role, text));
  }

  answerTool(toolCallId: string, output: string): void {
    this.#send(toolOutputCreate(this.#nextEventId('tool-output'), toolCallId, output));
  }

  reconfigure(settings: Pick<VoiceSettings, 'instructions' | 'tools'>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.#send(sessionReconfigure(this.#nextEventId('session-update'), settings));
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#heartbeat.stop();
    this.#socket.close(1000);
  }

  #send(event: object): void {
    if (this.#isClosing) return;
    this.#socket.send(JSON.stringify(event));
  }

  #nextEventId(about: string): string {
    this.#sentEvents += 1;
    return `${about}:${this.#sentEvents}`;
  }

  #received(message: Buffer): void {
    if (this.#isClosing) return;
    this.#heartbeat.heard();
    if (message.length > longestEventBytes) return this.#ignoreUnreadable(message);
    try {
      const chunk = this.#deltas.audio(message);
      if (chunk !== undefined) return this.#play(this.#deltas.itemId, this.#deltas.responseId, chunk);
      const words = this.#deltas.words(message);
      if (words !== undefined)
        return this.#receivedWords(this.#deltas.itemId, this.#deltas.responseId, words);
      this.#receivedEvent(message);
    } catch (error) {
      this.#log.error('a message of the voice model could not be handled', { err: error });
    }
  }

  #receivedEvent(message: Buffer): void {
    const type = stringField(message, 'type')?.toString();
    if (type !== undefined && !isReadType(type)) return this.#ignore(type);
    const parsed = parseMessage(message);
    if (parsed === undefined) {
      this.#ignoreUnreadable(message);
      return;
    }
    const event = serverEvent(parsed);
    if (event === undefined) {
      return this.#ignore(type ?? textIn(parsed, 'type'));
    }
    if (event.type === 'audio') this.#receivedOddAudio(event);
    if (event.type === 'error') {
      this.#log.debug('voice model refused a message', {
        vendorCode: event.code,
        cause: event.cause,
        pii: { vendorMessage: event.message },
      });
    }
    for (const told of this.#translator.translate(event)) this.#tell(told);
    const usage = usageIn(parsed, { model: this.model, transcriptionModel: this.#transcriptionModel });
    if (usage !== undefined) this.#tell({ type: 'usage', usage });
  }

  #receivedWords(itemId: string, responseId: string, delta: string): void {
    const event = { type: 'agent-words-growing', itemId, delta } as const;
    for (const told of this.#translator.translate({ type: 'agent-words', responseId, event }))
      this.#tell(told);
  }

  #ignore(type: string | undefined): void {
    this.#log.debug('event of the voice model ignored', { event: type?.slice(0, 100) });
  }

  #receivedOddAudio({ itemId, responseId, base64 }: Extract<ServerEvent, { type: 'audio' }>): void {
    const bytes = Buffer.from(base64);
    if (isBase64(bytes)) this.#play(itemId, responseId, chunkOfBase64(bytes));
  }

  #play(itemId: string, responseId: string, chunk: Chunk): void {
    if (!this.#translator.isSilenced(responseId)) this.#listener.audio(itemId, responseId, chunk);
  }

  /** The first is worth a warning; a flood of them is not worth a flood of lines. */
  #ignoreUnreadable(message: Buffer): void {
    this.#unreadable += 1;
    const type = stringField(message, 'type');
    const details = { bytes: message.length, isAudio: type !== undefined && spells(type, audioDeltaType) };
    if (this.#unreadable === 1) this.#log.warn('unreadable message of the voice model ignored', details);
    else this.#log.debug('unreadable message of the voice model ignored', details);
  }

  /** Ends the session at once, without waiting for a peer that may be gone. */
  #drop(message: string): void {
    this.#ended(withoutSecrets(message));
    this.#socket.terminate();
  }

  #ended(message: string): void {
    if (this.#isClosed) return;
    const wasAsked = this.#isClosing;
    this.#isClosed = true;
    this.#isClosing = true;
    this.#heartbeat.stop();
    this.#tell({ type: 'closed', message: wasAsked ? 'The voice session was closed by us.' : message });
  }

  #tell(event: VoiceEvent): void {
    try {
      this.#listener.event(event);
    } catch (error) {
      this.#log.error('an event of the voice model could not be handled', { err: error, event: event.type });
    }
  }
}

function closeSentence(code: number, reason: string): string {
  if (code === 1006) return 'The connection to OpenAI was lost.';
  const said = withoutSecrets(reason);
  return said === ''
    ? `OpenAI closed the connection (${code}).`
    : `OpenAI closed the connection (${code}): ${said}`;
}
