import type { WebSocket } from 'ws';
import type { Speech } from '../speech/speech.ts';
import { checkClientEvent } from './client-event-check.ts';
import { Conversation, heardEntry } from './conversation.ts';
import type { Act, Brain } from './dialogue.ts';
import { Ears } from './ears.ts';
import type { Noticed } from './ears.ts';
import type { Faults } from './faults.ts';
import { IdleClock } from './idle-clock.ts';
import { changedItems, itemTold } from './item-requests.ts';
import { Observations } from './observations.ts';
import { ResponseRun } from './response-run.ts';
import type { Pace } from './response-run.ts';
import { sentencesOf } from './sentences.ts';
import { defaultSettings, isProblem, requestProblem, updatedSettings } from './session-settings.ts';
import { entriesRead, responseSettings, situationOf } from './situation.ts';
import { speechVoiceOf } from './speech-voice.ts';
import { Transcriber, transcriptOf } from './transcriber.ts';
import { refusal } from './wire.ts';
import type { ClientEvent, Problem, ResponseRequest, ServerEvent, SessionSettings } from './wire.ts';

export interface SessionOptions {
  readonly socket: WebSocket;
  /** Counts the server's sessions; makes ids distinct across them. */
  readonly number: number;
  readonly model: string;
  readonly brain: Brain;
  readonly faults: Faults;
  readonly pace: Pace;
  readonly speech: Speech;
}

const longestSessionMs = 3_600_000;
/** A manual commit of less is refused. */
const shortestCommitMs = 100;

/** One client's conversation with the simulated voice model. */
export class SimulatedSession extends Observations {
  readonly model: string;
  readonly conversation = new Conversation();
  #settings: SessionSettings;
  readonly #options: SessionOptions;
  readonly #socket: WebSocket;
  readonly #ears: Ears;
  readonly #transcriber: Transcriber;
  readonly #expiresAtMs: number;
  readonly #conversationId: string;
  #lastId = 0;
  #runs = new Set<ResponseRun>();
  #active: ResponseRun | undefined;
  /** The item that the speech being heard will become. */
  #speechItemId: string | undefined;
  #hasSpoken = false;
  readonly #idleClock = new IdleClock();

  constructor(options: SessionOptions) {
    super();
    this.#options = options;
    this.#socket = options.socket;
    this.model = options.model;
    this.#expiresAtMs = Date.now() + (options.faults.expiresAfterMs ?? longestSessionMs);
    this.#settings = defaultSettings(
      this.#newId('sess'),
      options.model,
      Math.floor(this.#expiresAtMs / 1000),
    );
    this.#conversationId = this.#newId('conv');
    this.#transcriber = new Transcriber((event) => this.send(event), options.faults.transcripts);
    this.#ears = new Ears(
      (caption) => this.audio.captions.push(caption),
      (noticed) => this.#notice(noticed),
    );
    this.#socket.on('message', (data, isBinary) => {
      if (!isBinary) this.#receive(String(data));
    });
    this.#socket.on('close', (code) => this.#closed(code));
    this.#socket.on('error', () => this.#socket.terminate());
    this.send({ type: 'session.created', session: this.#settings });
    if (options.faults.sendsUnknownEvents)
      this.send({ type: 'session.mood_changed', mood: { name: 'cheerful' } });
  }

  get settings(): SessionSettings {
    return this.#settings;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Sends an event as it is; an `event_id` is added unless it has one. */
  send(event: ServerEvent): void {
    if (!this.isOpen) return;
    const { type, ...rest } = event;
    const unknown = this.#options.faults.sendsUnknownEvents ? { x_unknown: { since: 2027 } } : {};
    this.#socket.send(JSON.stringify({ type, event_id: this.#newId('event'), ...unknown, ...rest }));
  }

  /** Sends what may be no event at all, as one text message. */
  sendText(text: string): void {
    if (this.isOpen) this.#socket.send(text);
  }

  /** Begins a response unasked, as voice detection would. @throws Error if one is active */
  respond(...acts: readonly Act[]): void {
    const problem = this.#beginResponse({}, () => Promise.resolve(acts));
    if (problem) throw new Error(problem.message);
  }

  /** Sends an `error` event that no client event caused. */
  reportError(problem: Partial<Problem> & { readonly message: string }): void {
    this.#refuse({ type: 'server_error', code: 'server_error', param: null, ...problem }, null);
  }

  /** Ends the session as after 60 minutes. */
  expire(): void {
    const minutes = Math.round((this.#options.faults.expiresAfterMs ?? longestSessionMs) / 60_000);
    const message = `Your session hit the maximum duration of ${minutes} minutes.`;
    this.#refuse(refusal('session_expired', message), null);
    this.#socket.close(1001, 'session_expired');
  }

  /** Closes the connection with a code; without one it breaks off, which a client sees as 1006. */
  drop(code?: number): void {
    if (code === undefined) this.#socket.terminate();
    else this.#socket.close(code);
  }

  /** Takes nothing more from the connection, though what it says still comes. */
  stopsReading(): void {
    this.#socket.pause();
  }

  readsOn(): void {
    this.#socket.resume();
  }

  #receive(text: string): void {
    const checked = checkClientEvent(text);
    if ('problem' in checked) {
      const { problem, eventId, received } = checked;
      if (isEvent(received)) this.received.push(received);
      this.violations.push({ received, problem });
      this.#refuse(problem, eventId);
      this.changed();
      return;
    }
    const { event } = checked;
    if (event.type === 'input_audio_buffer.append') {
      this.#hear(Buffer.from(event.audio, 'base64'));
    } else {
      this.received.push(event);
      const problem = this.#options.faults.ignores?.includes(event.type) ? undefined : this.#obey(event);
      if (problem) {
        this.violations.push({ received: event, problem });
        this.#refuse(problem, event.event_id ?? null);
      }
    }
    this.changed();
  }

  #obey(event: Exclude<ClientEvent, { type: 'input_audio_buffer.append' }>): Problem | undefined {
    switch (event.type) {
      case 'session.update':
        return this.#update(event.session);
      case 'input_audio_buffer.commit':
        return this.#commitByHand();
      case 'input_audio_buffer.clear':
        this.#ears.clear();
        this.#speechItemId = undefined;
        this.send({ type: 'input_audio_buffer.cleared' });
        return undefined;
      case 'output_audio_buffer.clear':
        return refusal('invalid_value', "'output_audio_buffer.clear' is only for WebRTC and SIP.", 'type');
      case 'conversation.item.create':
      case 'conversation.item.retrieve':
      case 'conversation.item.delete':
      case 'conversation.item.truncate': {
        const answer = changedItems(event, this.conversation, (prefix) => this.#newId(prefix));
        if ('code' in answer) return answer;
        for (const told of answer) this.send(told);
        return undefined;
      }
      case 'response.create':
        return this.#beginResponse(event.response ?? {});
      case 'response.cancel': {
        const { response_id: id } = event;
        const run =
          id === undefined ? this.#active : [...this.#runs].find((candidate) => candidate.id === id);
        if (!run)
          return refusal('response_cancel_not_active', 'Cancellation failed: no active response found');
        run.cancel('client_cancelled');
        return undefined;
      }
    }
  }

  #update(update: Readonly<Record<string, unknown>>): Problem | undefined {
    const result = updatedSettings(this.#settings, update, this.#hasSpoken);
    if (isProblem(result)) return result;
    this.#settings = result;
    this.send({ type: 'session.updated', session: result });
    if (update['instructions'] !== undefined) this.#prepareSpeech();
    return undefined;
  }

  /** A failure here is met again, and told, when the words are to be said. */
  #prepareSpeech(): void {
    const { brain, speech } = this.#options;
    const texts = brain.foresees?.(this.#settings.instructions) ?? [];
    const voice = speechVoiceOf(this.#settings.audio.output.voice);
    const sentences = texts.flatMap((text) => sentencesOf(text));
    speech.prepare(sentences.map((text) => ({ text, voice }))).catch(() => undefined);
  }

  #hear(audio: Uint8Array): void {
    if (Date.now() >= this.#expiresAtMs) {
      this.expire();
      return;
    }
    this.audio.bytes += audio.length;
    this.audio.appends++;
    const { format, turn_detection } = this.#settings.audio.input;
    this.#ears.hear(audio, format, turn_detection);
    this.#noticeSilence();
  }

  #notice(noticed: Noticed): void {
    const detection = this.#settings.audio.input.turn_detection;
    switch (noticed.type) {
      case 'speech-started':
        this.#speechStarted(noticed.startMs);
        if (detection?.interrupt_response) this.#active?.cancel('turn_detected');
        return;
      case 'speech-stopped':
        this.#speechStopped(noticed.endMs);
        return;
      case 'sound-ended': {
        // Real voice detection takes a lone beep for a turn, which is how an agent notices that it may speak.
        const isTurn = noticed.name === 'beep' && this.#ears.soundsPending.includes('beep');
        if (!isTurn || this.#active || !detection?.create_response || this.#ears.isHearingSpeech) return;
        this.#speechStarted(noticed.startMs);
        this.#speechStopped(noticed.endMs);
      }
    }
  }

  #speechStarted(startMs: number): void {
    this.#idleClock.stop();
    this.#speechItemId = this.#newId('item');
    const item_id = this.#speechItemId;
    this.send({ type: 'input_audio_buffer.speech_started', audio_start_ms: startMs, item_id });
  }

  #speechStopped(endMs: number): void {
    const item_id = this.#speechItemId ?? this.#newId('item');
    this.send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: endMs, item_id });
    this.#commit(item_id);
    this.#respondToTurn();
  }

  #commitByHand(): Problem | undefined {
    const { bufferedMs } = this.#ears;
    if (bufferedMs < shortestCommitMs) {
      const message = `Error committing input audio buffer: buffer too small. Expected at least ${shortestCommitMs}ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`;
      return refusal('input_audio_buffer_commit_empty', message);
    }
    this.#commit(this.#speechItemId ?? this.#newId('item'));
    return undefined;
  }

  /** Makes an item of what was heard since the last commit. @param isSilence that nobody spoke is the point */
  #commit(itemId: string, isSilence = false): void {
    this.#speechItemId = undefined;
    const heard = this.#ears.commit();
    const entry = heardEntry(itemId, heard, isSilence);
    const previousItemId = this.conversation.add(entry);
    this.send({ type: 'input_audio_buffer.committed', previous_item_id: previousItemId, item_id: itemId });
    for (const event of itemTold(entry, previousItemId)) this.send(event);
    if (!this.#settings.audio.input.transcription) return;
    const wantsLogprobs = (this.#settings.include?.length ?? 0) > 0;
    const transcript = isSilence ? '' : transcriptOf(heard);
    this.#transcriber.transcribe(itemId, transcript, heard.durationMs, wantsLogprobs);
  }

  /** With `server_vad` and an idle timeout, a person who says nothing is a turn too. */
  #noticeSilence(): void {
    const { streamMs, isHearingSpeech } = this.#ears;
    if (this.#active || isHearingSpeech) return;
    const idleFromMs = this.#idleClock.runOut(streamMs, this.#settings.audio.input.turn_detection);
    if (idleFromMs === undefined) return;
    const item_id = this.#newId('item');
    const span = { audio_start_ms: Math.round(idleFromMs), audio_end_ms: streamMs };
    this.send({ type: 'input_audio_buffer.timeout_triggered', ...span, item_id });
    this.#commit(item_id, true);
    this.#respondToTurn();
  }

  #respondToTurn(): void {
    if (!this.#settings.audio.input.turn_detection?.create_response) return;
    const problem = this.#beginResponse({});
    if (problem) this.#refuse(problem, null);
  }

  /** @param decide stands in for the brain */
  #beginResponse(request: ResponseRequest, decide?: () => Promise<readonly Act[]>): Problem | undefined {
    const problem = requestProblem(request);
    if (problem) return problem;
    const isOutOfBand = request.conversation === 'none';
    if (!isOutOfBand && this.#active) {
      const message = `Conversation already has an active response in progress: ${this.#active.id}. Wait until the response is finished before creating a new one.`;
      return refusal('conversation_already_has_active_response', message);
    }
    const newId = (prefix: string) => this.#newId(prefix);
    const read = entriesRead(request, this.conversation, newId);
    if ('code' in read) return read;
    const settings = this.#settings;
    const run = new ResponseRun({
      id: newId('resp'),
      conversation: isOutOfBand ? undefined : this.conversation,
      conversationId: isOutOfBand ? null : this.#conversationId,
      entriesRead: read,
      ...responseSettings(settings, request),
      speech: this.#options.speech,
      pace: this.#options.pace,
      newId,
      send: (event) => this.send(event),
      onEnd: (ended) => this.#responseEnded(ended),
    });
    this.#runs.add(run);
    if (!isOutOfBand) {
      this.#active = run;
      this.#idleClock.responseBegan(this.#ears.streamMs);
    }
    const situation = situationOf(settings, request, read, this.#ears.soundsPending);
    void run.run(decide ?? (async () => this.#options.brain.respond(situation)));
    return undefined;
  }

  #responseEnded(run: ResponseRun): void {
    this.#runs.delete(run);
    this.#hasSpoken ||= run.audioMs > 0;
    if (run !== this.#active) return;
    this.#active = undefined;
    this.#idleClock.responseEnded(this.#ears.streamMs, run.audioMs);
  }

  #refuse(problem: Problem, eventId: string | null): void {
    this.send({ type: 'error', error: { ...problem, event_id: eventId } });
  }

  #closed(code: number): void {
    for (const run of this.#runs) run.abandon();
    this.#runs.clear();
    this.ended(`closed with ${code}`);
  }

  #newId(prefix: string): string {
    return `${prefix}_${this.#options.number}n${++this.#lastId}`;
  }
}

function isEvent(received: unknown): received is ClientEvent {
  return typeof received === 'object' && received !== null && 'type' in received;
}
