import type { Secrets } from '../agent/secrets.ts';
import type { OwnTool } from '../agent/own-tool.ts';
import type { Authority } from '../call/authority.ts';
import type { Direction, VoicemailRule } from '../call/call.ts';
import type { CallHappening, CallHint } from '../call/call-event.ts';
import type { VoiceUsage } from '../call/cost.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { Transcript } from '../call/transcript.ts';
import type { WordsSoFar } from '../call/words-so-far.ts';
import type { MachineVerdict, MediaStream, MediaStreamListener } from '../carriers/carrier.ts';
import type { Chunk } from '../lib/chunk.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/runtime.ts';
import type { Tally } from '../lib/tally.ts';
import type { VoiceEvent, VoiceModel, VoiceSession, VoiceSettings } from '../voice-models/voice-model.ts';
import { newConversation } from './conversation-state.ts';
import type {
  Command,
  Conversation,
  ConversationInput,
  KeysToPress,
  OwnToolRequest,
  Steering,
  TimerName,
} from './conversation-state.ts';
import { converse, playChunk } from './conversation.ts';
import { chunkSent } from './reply-clock.ts';
import { GapFiller } from './gap-filler.ts';
import { wordsSoFar } from './heard-turns.ts';
import { Listeners } from './listeners.ts';
import type { CallEar } from './listeners.ts';
import { LastWords } from './last-words.ts';
import type { PhoneLeg } from './phone-leg.ts';
import { LoudnessMeter } from './loudness-meter.ts';
import { isQuiet } from './playback.ts';
import { isBusy } from './response-slot.ts';
import { watchSilence } from './silence.ts';
import { unsettledPersonTurns } from './turns.ts';
import { VoiceLine } from './voice-line.ts';
import type { VoiceLineOwner } from './voice-line.ts';

export interface CallSessionParts {
  readonly callId: string;
  readonly direction: Direction;
  /** What to do where a voicemail answers. */
  readonly voicemail: VoicemailRule;
  readonly voiceModel: VoiceModel;
  /** The agent has to make itself known as an AI, and is held to it. */
  readonly isDisclosureDue: boolean;
  /** There is a human to whom the call can be handed. */
  readonly canHandOver: boolean;
  readonly settings: VoiceSettings;
  readonly authority: Authority;
  readonly secrets: Secrets;
  readonly ownTools: readonly OwnTool[];
  /** Asks one of the owner's tools elsewhere. Never rejects. @returns what the agent is told */
  readonly runTool: (tool: OwnTool, request: OwnToolRequest) => Promise<string>;
  readonly phone: PhoneLeg;
  readonly record: (happening: CallHappening) => void;
  readonly hint: (hint: CallHint) => void;
  /** The voice model tells what it has used up. */
  readonly used: (usage: VoiceUsage) => void;
  /** The turns recorded so far. */
  readonly transcript: () => Transcript;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
}

/** How much of the talk a voice session that takes over is told. */
const turnsRetold = 80;
/** Asked on the side, as often as there is doubt. */
const whoAnswered = { requestId: 'who-answered', aside: { tool: 'who_answered' } } as const;
/** Names no place in what the agent says. */
const ownersMark = 'owner';
/** The agent is told to take its leave this long before the call's limit; in a short call, in its last quarter. */
const leaveTakingMs = 15_000;

/** One call while it is live: its media stream joined to its voice session. Carries out what `converse` decides. */
export class CallSession implements VoiceLineOwner {
  readonly #parts: CallSessionParts;
  readonly #timers = new Map<TimerName, () => void>();
  readonly #lastWords: LastWords;
  readonly #voice: VoiceLine;
  readonly #gaps: GapFiller;
  readonly #loudness: LoudnessMeter;
  #state: Conversation;
  #stream: MediaStream | undefined;
  /** Undefined while nobody listens in, so that the audio path has one question to ask. */
  #listeners: Listeners | undefined;
  #finished: Promise<void> | undefined;
  #isLineOpen = false;
  #isVoiceAged = false;

  /** Opens the voice session at once: the model is ready before anybody answers. */
  constructor(parts: CallSessionParts) {
    this.#parts = parts;
    const answerer = { ...newConversation.answerer, rule: parts.voicemail };
    const { isDisclosureDue, canHandOver, ownTools, authority, secrets } = parts;
    const given = { ownTools, isDisclosureDue, canHandOver, authority, secrets };
    this.#state = { ...newConversation, answerer, ...given };
    this.#lastWords = new LastWords({
      ...parts,
      answererHeard: (who) => this.#happens({ type: 'answerer-heard', who }),
    });
    this.#gaps = new GapFiller(parts.clock, (chunk) => {
      parts.tally.add('audio-padded', '', chunk.ms);
      this.#voice.append(chunk);
    });
    this.#loudness = new LoudnessMeter(parts.clock, {
      heard: (loudness) => parts.hint({ type: 'loudness-heard', callId: parts.callId, ...loudness }),
      noted: (loudness) => parts.record({ type: 'loudness-noted', ...loudness }),
    });
    this.#voice = new VoiceLine(parts, this);
  }

  /** The phone leg was answered. From here on the person waits for us. */
  answered(maxDurationMs: number): void {
    this.#voice.answered();
    const lead = Math.min(leaveTakingMs, maxDurationMs / 4);
    this.#startTimer('time-nearly-up', maxDurationMs - lead);
    this.#startTimer('time-up', maxDurationMs);
  }

  /** Joins a media stream; an earlier one, if any, is left behind. */
  attach(stream: MediaStream): MediaStreamListener {
    this.#stream = stream;
    this.#parts.record({ type: 'media-stream-opened', streamId: stream.streamId });
    this.#gaps.start();
    if (this.#isLineOpen) this.#happens({ type: 'stream-resumed' });
    else this.#openLine();
    return {
      audio: (chunk) => {
        this.#gaps.noteAudio();
        this.#voice.append(chunk);
        this.#loudness.person(chunk);
        this.#listeners?.hear('person', chunk);
      },
      markReached: (name) => {
        if (this.#stream === stream) this.#happens({ type: 'mark-reached', name });
      },
      digit: (digit) => this.#happens({ type: 'digit', digit }),
      closed: (how) => {
        this.#parts.record({ type: 'media-stream-closed', streamId: stream.streamId });
        if (this.#stream !== stream) return;
        this.#stream = undefined;
        this.#gaps.stop();
        if (how === 'lost') this.#happens({ type: 'stream-lost' });
      },
    };
  }

  answererDetected(found: MachineVerdict): void {
    this.#happens({ type: 'answerer-detected', found });
  }

  /**
   * Has the agent take its leave and end the call.
   *
   * @returns false when there is nobody to take leave of yet
   */
  leave(endReason: EndReason): boolean {
    if (!this.#isLineOpen) return false;
    this.#happens({ type: 'leave', endReason });
    return true;
  }

  /** Nobody took the call that was to be handed over. */
  transferFailed(): void {
    this.#happens({ type: 'transfer-failed' });
  }

  /** @returns false when no such question is open */
  answer(questionId: string, answer: string): boolean {
    if (this.#state.question?.toolCallId !== questionId) return false;
    this.#happens({ type: 'owner-answered', questionId, answer });
    return true;
  }

  /** Goes on under other instructions and with other tools. */
  reconfigure(settings: VoiceSettings, ownTools: readonly OwnTool[]): void {
    this.#voice.reconfigure(settings);
    this.#happens({ type: 'tools-changed', ownTools });
  }

  /** @returns false when there is nobody on the line yet */
  steer(steering: Steering): boolean {
    if (!this.#isLineOpen) return false;
    this.#happens({ type: 'steered', steering });
    return true;
  }

  /** @returns stops listening; whoever had taken over gives the call back */
  listenIn(ear: CallEar): () => void {
    const listeners = (this.#listeners ??= new Listeners());
    listeners.add(ear);
    return () => {
      this.giveBack(ear);
      listeners.remove(ear);
      if (listeners.count === 0) this.#listeners = undefined;
    };
  }

  /**
   * Has somebody who listens in talk in the agent's place.
   *
   * @returns false when somebody else does, or the agent cannot be silenced now: nobody is there, or it takes its leave
   */
  takeOver(ear: CallEar): boolean {
    const listeners = this.#listeners;
    if (listeners === undefined || listeners.holder !== undefined) return false;
    if (!this.steer({ action: 'take_over' }) || this.#state.mode !== 'taken-over') return false;
    listeners.hold(ear);
    return true;
  }

  /** Lets the agent talk again. */
  giveBack(ear: CallEar): void {
    if (this.#listeners?.holder === ear) this.steer({ action: 'give_back' });
  }

  /** What is said in the agent's place. @param chunk no more than real time brings */
  speak(ear: CallEar, chunk: Chunk): void {
    if (this.#listeners?.holder !== ear) return;
    this.#stream?.play(chunk, ownersMark);
    this.#loudness.agent(chunk);
    this.#listeners.hear('agent', chunk, ear);
  }

  /** Person and agent could hear each other, for a moment at least. */
  get hasTalked(): boolean {
    return this.#isLineOpen;
  }

  /** Audio that the carrier and the model have not taken yet. */
  get waitingBytes(): { readonly toPerson: number; readonly toModel: number } {
    return { toPerson: this.#stream?.backlogBytes ?? 0, toModel: this.#voice.waitingBytes };
  }

  /** What is being said at this moment; of the agent's words, those that were heard. */
  get wordsSoFar(): readonly WordsSoFar[] {
    return wordsSoFar(this.#state, this.#parts.clock.elapsed());
  }

  get hasStream(): boolean {
    return this.#stream !== undefined;
  }

  /** Keys are being pressed, so the media stream is away for a moment. */
  get isPressingKeys(): boolean {
    return this.#state.isPressing;
  }

  /** The phone leg is gone, or goes on without us: settles the words that are still coming and what came of the goal, then lets go. */
  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  async #finish(): Promise<void> {
    this.#happens({ type: 'line-closed' });
    this.#loudness.finish();
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
    this.#gaps.stop();
    const { session } = this.#voice;
    if (session !== undefined) {
      const isVoicemail = this.#state.answerer.verdict === 'voicemail';
      const isTranscribed = () => unsettledPersonTurns(this.#state.turns).length === 0;
      await this.#lastWords.wait(session, isVoicemail, isTranscribed);
    }
    this.#happens({ type: 'finished' });
    this.#lastWords.bind();
    this.#voice.close();
    this.#stream?.close();
  }

  audio(itemId: string, responseId: string, chunk: Chunk): void {
    const stream = this.#stream;
    if (stream === undefined) return this.#parts.tally.add('audio-dropped', 'to-person', chunk.ms);
    const before = this.#state;
    const played = playChunk(before, itemId, responseId, chunk.ms, this.#parts.clock.elapsed());
    if (played === undefined) return;
    stream.play(chunk, played.markName);
    this.#loudness.agent(chunk);
    this.#listeners?.hear('agent', chunk);
    this.#state = chunkSent(played.state, this.#parts.clock.elapsed());
    for (const command of watchSilence(before, played.state)) this.#carryOut(command);
  }

  event(event: VoiceEvent): void {
    if (event.type === 'usage') return this.#parts.used(event.usage);
    this.#countError(event);
    if (!this.#lastWords.takes(event)) this.#happens(event);
    this.#lastWords.noted(event);
  }

  opened(voice: VoiceSession): void {
    this.#parts.record({ type: 'voice-session-opened', model: voice.model, sessionId: voice.sessionId });
    if (!this.#isLineOpen) return this.#openLine();
    for (const turn of this.#parts.transcript().slice(-turnsRetold)) {
      if (turn.speaker !== 'tool' && turn.text !== '') voice.addText(turn.speaker, turn.text);
    }
    this.#happens({ type: 'voice-resumed' });
    this.#voice.flow();
  }

  lost(): void {
    this.#parts.log.warn('the voice session broke off');
    this.#parts.record({ type: 'voice-session-lost' });
    this.#happens({ type: 'voice-lost' });
    this.#lastWords.lost();
  }

  aged(): void {
    this.#isVoiceAged = true;
    this.#renewIfCalm();
  }

  failed(endReason: EndReason): void {
    this.#parts.phone.apologise(endReason);
  }

  #countError(event: VoiceEvent): void {
    if (event.type === 'problem') {
      this.#parts.tally.add('model-error', event.isFatal ? 'fatal-problem' : 'problem');
    } else if (event.type === 'response-ended' && event.status === 'failed') {
      this.#parts.tally.add('model-error', 'response-failed');
    }
  }

  /** Once both ends are there; the words that came before are the model's first. */
  #openLine(): void {
    if (this.#isLineOpen || this.#voice.session === undefined || this.#stream === undefined) return;
    this.#isLineOpen = true;
    this.#happens({
      type: 'line-opened',
      greets: this.#parts.direction === 'inbound' ? 'at-once' : 'after-a-moment',
    });
    this.#voice.flow();
  }

  /** An aged voice session is left for a new one while nobody speaks and nothing is under way. */
  #renewIfCalm(): void {
    const { mode, isPersonSpeaking, owesReply, playback, slot } = this.#state;
    const mayRenew = mode === 'talking' || mode === 'silent' || mode === 'held';
    const isCalm = mayRenew && !isPersonSpeaking && !owesReply;
    if (!isCalm || !isQuiet(playback) || isBusy(slot)) return;
    this.#isVoiceAged = false;
    this.#happens({ type: 'voice-lost' });
    this.#voice.renew();
  }

  #happens(input: ConversationInput): void {
    const { state, commands } = converse(this.#state, input, this.#parts.clock.elapsed());
    this.#state = state;
    for (const command of commands) this.#carryOut(command);
    if (state.mode !== 'taken-over') this.#listeners?.gaveBack();
    if (this.#isVoiceAged) this.#renewIfCalm();
  }

  #carryOut(command: Command): void {
    switch (command.type) {
      case 'clear-carrier':
        this.#loudness.cleared();
        this.#listeners?.cleared();
        return this.#stream?.clear();
      case 'truncate-item':
        return this.#voice.session?.truncate(command.itemId, command.heardMs);
      case 'delete-item':
        return this.#voice.session?.deleteItem(command.itemId);
      case 'request-response':
        return this.#voice.session?.requestResponse(command);
      case 'ask-who-answered':
        return this.#voice.session?.requestResponse(whoAnswered);
      case 'cancel-response':
        return this.#voice.session?.cancelResponse(command.responseId);
      case 'answer-tool':
        return this.#voice.session?.answerTool(command.toolCallId, command.output);
      case 'add-text':
        return this.#voice.session?.addText(command.role, command.text);
      case 'record':
        return this.#parts.record(command.happening);
      case 'report-outcome':
        return this.#lastWords.reported(command.report);
      case 'hint': {
        const { turnId, speaker, text } = command;
        return this.#parts.hint({ type: 'turn-growing', callId: this.#parts.callId, turnId, speaker, text });
      }
      case 'ask-owner': {
        const { questionId, question, patienceMs } = command;
        const expiresAt = this.#parts.clock.now() + patienceMs;
        return this.#parts.record({ type: 'question-asked', questionId, question, expiresAt });
      }
      case 'run-tool':
        return void this.#runTool(command.tool, command.request);
      case 'press-digits':
        return void this.#pressDigits(command);
      case 'bar-number':
        return this.#parts.phone.barNumber();
      case 'hand-over':
        return this.#parts.phone.handOver();
      case 'start-timer':
        return this.#startTimer(command.name, command.ms);
      case 'stop-timer':
        return this.#timers.get(command.name)?.();
      case 'put-through':
        return this.#parts.phone.putThrough();
      case 'hang-up':
        return this.#parts.phone.hangUp(command.endReason);
      case 'apologise':
        return this.#parts.phone.apologise(command.endReason);
    }
  }

  async #pressDigits({ toolCallId, digits, secret = null }: KeysToPress): Promise<void> {
    let problem: string | undefined;
    try {
      const keys = secret === null ? digits : this.#parts.secrets.keysOf(secret);
      if (keys === undefined) throw new TypeError('the call does not hold that secret');
      await this.#parts.phone.pressDigits(keys);
    } catch (err) {
      this.#parts.log.warn('keys could not be pressed', { err });
      problem = 'The keys could not be pressed.';
    }
    this.#happens({ type: 'keys-pressed', toolCallId, problem });
  }

  async #runTool(tool: OwnTool, request: OwnToolRequest): Promise<void> {
    const output = await this.#parts.runTool(tool, request);
    this.#happens({ type: 'tool-finished', toolCallId: request.toolCallId, output });
  }

  #startTimer(name: TimerName, ms: number): void {
    this.#timers.get(name)?.();
    const stop = this.#parts.clock.after(ms, () => this.#happens({ type: 'timer', name }));
    this.#timers.set(name, stop);
  }
}
