import type { Speech, Voice } from '../speech/speech.ts';
import { bytesPerMs } from '../speech/mulaw.ts';
import type { Act } from './dialogue.ts';
import type { Conversation, Entry } from './conversation.ts';
import { encoded, lasting } from './output-audio.ts';
import { OpenMessage } from './open-message.ts';
import { detailsOf, rateLimits } from './response-ending.ts';
import type { Ending } from './response-ending.ts';
import { sentencesOf } from './sentences.ts';
import { usageOf } from './usage.ts';
import type { ContentPart, Item, ServerEvent } from './wire.ts';

/** How quickly a response is produced. */
export interface Pace {
  /** From the response's creation to its first audio. */
  readonly firstAudioMs: number;
  /** Audio produced per time passed: 4 is four times as fast as it plays. */
  readonly timesRealTime: number;
}

export interface ResponseOptions {
  readonly id: string;
  /** Where its items go; undefined if it is out of band. */
  readonly conversation: Conversation | undefined;
  /** What it reads, to be counted. */
  readonly entriesRead: readonly Entry[];
  readonly instructions: string;
  readonly conversationId: string | null;
  readonly modality: 'audio' | 'text';
  readonly format: { readonly type: string };
  readonly voice: unknown;
  readonly maxOutputTokens: number | 'inf';
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly speech: Speech;
  readonly speechVoice: Voice;
  readonly pace: Pace;
  readonly newId: (prefix: string) => string;
  readonly send: (event: ServerEvent) => void;
  /** Called once, when the response is over, before `response.done` is sent. */
  readonly onEnd: (run: ResponseRun) => void;
}

const pieceMs = 200;
/** How far the transcript runs ahead of the audio. */
const transcriptLeadMs = 1500;

/** One response, from `response.created` to `response.done`, in the order of events of the real API. */
export class ResponseRun {
  readonly #options: ResponseOptions;
  readonly #output: Item[] = [];
  #open: OpenMessage | undefined;
  #isOver = false;
  #audioMs = 0;
  #text = '';
  #nextAudioAt = 0;
  #entriesAdded = 0;

  constructor(options: ResponseOptions) {
    this.#options = options;
  }

  get id(): string {
    return this.#options.id;
  }

  get isOutOfBand(): boolean {
    return this.#options.conversation === undefined;
  }

  /** Audio produced, in ms. */
  get audioMs(): number {
    return this.#audioMs;
  }

  /** @param decide told when the response has begun; what it does then */
  async run(decide: () => Promise<readonly Act[]>): Promise<void> {
    this.#nextAudioAt = performance.now() + this.#options.pace.firstAudioMs;
    this.#send({ type: 'response.created', response: this.#described('in_progress') });
    try {
      for (const act of await decide()) {
        if (this.#isOver) return;
        if (!(await this.#perform(act))) return;
      }
      if (this.#entriesAdded === 0) this.#options.conversation?.add({ turn: { by: 'quiet' }, audioMs: 0 });
      this.#end({ status: 'completed' });
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      this.#end({ status: 'failed', code: 'server_error', message });
    }
  }

  cancel(reason: 'turn_detected' | 'client_cancelled'): void {
    this.#end({ status: 'cancelled', reason });
  }

  /** The connection is gone: nothing more is sent. */
  abandon(): void {
    this.#isOver = true;
  }

  /** @returns whether the response goes on */
  async #perform(act: Act): Promise<boolean> {
    switch (act.type) {
      case 'say':
        await (this.#options.modality === 'audio' ? this.#speak(act) : this.#write(act.text, act.intent));
        return !this.#isOver;
      case 'play':
        await this.#play(act);
        return !this.#isOver;
      case 'call-tool':
        this.#callTool(act.name, JSON.stringify(act.arguments));
        return true;
      case 'wait':
        await pause(act.ms);
        return !this.#isOver;
      case 'stall':
        return false;
      case 'fail':
        this.#end({ status: 'failed', code: act.code, message: act.message });
        return false;
      case 'stop-short':
        this.#end({ status: 'incomplete', reason: act.reason });
        return false;
    }
  }

  /** Sentence by sentence, so that the first is heard while the next is being synthesised. */
  async #speak({ text, lastingMs, intent }: Extract<Act, { type: 'say' }>): Promise<void> {
    const sentences = lastingMs === undefined ? sentencesOf(text) : [text];
    const parts = sentences.map((sentence) => this.#options.speech.say(sentence, this.#options.speechVoice));
    for (const part of parts) part.catch(() => undefined);
    const first = await parts[0];
    await this.#untilDue();
    if (this.#isOver) return;
    const message = this.#openMessage('output_audio', text, intent);
    for (const part of parts) {
      const { audio, words } = part === parts[0] && first ? first : await part;
      if (this.#isOver) return;
      message.append(words);
      await this.#stream(message, lastingMs === undefined ? audio : lasting(audio, lastingMs));
      if (this.#isOver) return;
    }
    this.#closeMessage('completed');
  }

  async #play({ audio, transcript = '' }: Extract<Act, { type: 'play' }>): Promise<void> {
    await this.#untilDue();
    if (this.#isOver) return;
    await this.#stream(this.#openMessage('output_audio', transcript, undefined), audio);
    if (!this.#isOver) this.#closeMessage('completed');
  }

  async #stream(message: OpenMessage, audio: Uint8Array): Promise<void> {
    const startMs = message.entry.audioMs;
    for (let at = 0; at < audio.length; at += pieceMs * bytesPerMs) {
      const piece = audio.subarray(at, at + pieceMs * bytesPerMs);
      const endMs = startMs + (at + piece.length) / bytesPerMs;
      this.#tellTranscript(message, endMs + transcriptLeadMs);
      const delta = encoded(piece, this.#options.format.type);
      this.#send({ type: 'response.output_audio.delta', ...this.#place(message), delta });
      this.#audioMs += piece.length / bytesPerMs;
      message.entry.audioMs = endMs;
      this.#nextAudioAt = Math.max(this.#nextAudioAt, performance.now() - pieceMs);
      this.#nextAudioAt += piece.length / bytesPerMs / this.#options.pace.timesRealTime;
      await this.#untilDue();
      if (this.#isOver) return;
    }
  }

  #untilDue(): Promise<void> {
    return pause(this.#nextAudioAt - performance.now());
  }

  async #write(text: string, intent: string | undefined): Promise<void> {
    await this.#untilDue();
    if (this.#isOver) return;
    const message = this.#openMessage('output_text', text, intent);
    for (const delta of text.match(/\S+\s*/g) ?? []) {
      this.#send({ type: 'response.output_text.delta', ...this.#place(message), delta });
    }
    this.#closeMessage('completed');
  }

  #openMessage(type: 'output_audio' | 'output_text', whole: string, intent: string | undefined): OpenMessage {
    const message = new OpenMessage(this.#options.newId('item'), this.#output.length, whole, intent);
    this.#open = message;
    this.#announce(message.entry, message.item, message.outputIndex);
    const part = type === 'output_audio' ? { type: 'audio', transcript: '' } : { type: 'text', text: '' };
    this.#send({ type: 'response.content_part.added', ...this.#place(message), part });
    return message;
  }

  #closeMessage(status: 'completed' | 'incomplete'): void {
    const message = this.#open;
    if (!message) return;
    this.#open = undefined;
    const isAudio = this.#options.modality === 'audio';
    if (isAudio && status === 'completed') this.#tellTranscript(message, Number.POSITIVE_INFINITY);
    const told = isAudio ? message.told : message.whole;
    this.#text += told;
    if (status === 'incomplete') message.cutShort();
    const at = this.#place(message);
    let content: ContentPart;
    if (isAudio) {
      content = { type: 'output_audio', transcript: told };
      this.#send({ type: 'response.output_audio.done', ...at });
      this.#send({ type: 'response.output_audio_transcript.done', ...at, transcript: told });
      const part = { type: 'audio', transcript: told };
      this.#send({ type: 'response.content_part.done', ...at, part });
    } else {
      content = { type: 'output_text', text: told };
      this.#send({ type: 'response.output_text.done', ...at, text: told });
      this.#send({ type: 'response.content_part.done', ...at, part: { type: 'text', text: told } });
    }
    this.#settle(message.entry, { ...message.item, status, content: [content] }, message.outputIndex);
  }

  #callTool(name: string, args: string): void {
    const item = {
      id: this.#options.newId('item'),
      object: 'realtime.item',
      type: 'function_call',
      status: 'in_progress',
      call_id: this.#options.newId('call'),
      name,
      arguments: '',
    } as const;
    const entry: Entry = { item, turn: { by: 'tool-call', name, arguments: args }, audioMs: 0 };
    const outputIndex = this.#output.length;
    const at = { response_id: this.id, item_id: item.id, output_index: outputIndex, call_id: item.call_id };
    this.#announce(entry, item, outputIndex);
    for (let i = 0; i < args.length; i += 40) {
      const delta = args.slice(i, i + 40);
      this.#send({ type: 'response.function_call_arguments.delta', ...at, delta });
    }
    this.#send({ type: 'response.function_call_arguments.done', ...at, name, arguments: args });
    this.#text += args;
    this.#settle(entry, { ...item, status: 'completed', arguments: args }, outputIndex);
  }

  #announce(entry: Entry, item: Item, outputIndex: number): void {
    this.#output.push(item);
    const at = { response_id: this.id, output_index: outputIndex };
    this.#send({ type: 'response.output_item.added', ...at, item });
    const { conversation } = this.#options;
    if (!conversation) return;
    const previous = conversation.add(entry);
    this.#entriesAdded++;
    this.#send({ type: 'conversation.item.added', previous_item_id: previous, item });
  }

  #settle(entry: Entry, item: Item, outputIndex: number): void {
    entry.item = item;
    this.#output[outputIndex] = item;
    this.#send({ type: 'response.output_item.done', response_id: this.id, output_index: outputIndex, item });
    const { conversation } = this.#options;
    if (!conversation) return;
    const previous = conversation.before(item.id);
    this.#send({ type: 'conversation.item.done', previous_item_id: previous, item });
  }

  #tellTranscript(message: OpenMessage, untilMs: number): void {
    for (const delta of message.wordsUntil(untilMs)) {
      this.#send({ type: 'response.output_audio_transcript.delta', ...this.#place(message), delta });
    }
  }

  #place({ item, outputIndex }: OpenMessage): object {
    return { response_id: this.id, item_id: item.id, output_index: outputIndex, content_index: 0 };
  }

  #end(ending: Ending): void {
    if (this.#isOver) return;
    this.#closeMessage(ending.status === 'completed' ? 'completed' : 'incomplete');
    this.#isOver = true;
    this.#options.onEnd(this);
    const done = { type: 'response.done', response: this.#described(ending.status, ending) };
    this.#options.send(done);
    this.#options.send(rateLimits);
  }

  #described(status: string, ending?: Ending): object {
    const options = this.#options;
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details: ending ? detailsOf(ending) : null,
      output: [...this.#output],
      conversation_id: options.conversationId,
      output_modalities: [options.modality],
      max_output_tokens: options.maxOutputTokens,
      audio: { output: { format: options.format, voice: options.voice } },
      metadata: options.metadata,
      usage: ending ? this.#usage(ending) : null,
    };
  }

  #usage(ending: Ending): object | null {
    if (ending.status === 'failed') return null;
    const produced = { audioMs: this.#audioMs, text: this.#text };
    return usageOf(this.#options.instructions, this.#options.entriesRead, produced);
  }

  #send(event: ServerEvent): void {
    if (!this.#isOver) this.#options.send(event);
  }
}

function pause(ms: number): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => setTimeout(resolve, ms));
}
