import type { OwnTool } from '../agent/own-tool.ts';
import type { EndReason } from '../call/end-reason.ts';
import type { WordsSoFar } from '../call/words-so-far.ts';
import type { MachineVerdict, MediaStream, MediaStreamListener } from '../carriers/carrier.ts';
import type { Chunk } from '../lib/chunk.ts';
import type { VoiceEvent, VoiceSession, VoiceSettings } from '../voice-models/voice-model.ts';
import type { CallSessionParts } from './call-session-parts.ts';
import { CommandRunner } from './command-runner.ts';
import { newConversation } from './conversation-state.ts';
import type { Conversation, ConversationInput, Steering } from './conversation-state.ts';
import { converse, playChunk } from './conversation.ts';
import { GapFiller } from './gap-filler.ts';
import { wordsSoFar } from './heard-turns.ts';
import { LastWords } from './last-words.ts';
import { Listeners } from './listeners.ts';
import type { CallEar } from './listeners.ts';
import { LoudnessMeter } from './loudness-meter.ts';
import { isHeeded } from './owner.ts';
import { isQuiet } from './playback.ts';
import { chunkSent } from './reply-clock.ts';
import { isBusy } from './response-slot.ts';
import { watchSilence } from './silence.ts';
import { unsettledPersonTurns } from './turns.ts';
import { VoiceLine } from './voice-line.ts';
import type { VoiceLineOwner } from './voice-line.ts';

/** How much of the talk a voice session that takes over is told. */
const turnsRetold = 80;
/** Names no place in what the agent says. */
const ownersMark = 'owner';
/** The agent is told to take its leave this long before the call's limit; in a short call, in its last quarter. */
const leaveTakingMs = 15_000;

/** One call while it is live: its media stream joined to its voice session. `converse` decides, `CommandRunner` carries out. */
export class CallSession implements VoiceLineOwner {
  readonly #parts: CallSessionParts;
  readonly #lastWords: LastWords;
  readonly #voice: VoiceLine;
  readonly #commands: CommandRunner;
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
    this.#commands = new CommandRunner(parts, {
      voice: () => this.#voice.session,
      lastWords: this.#lastWords,
      clearCarrier: () => this.#clearCarrier(),
      happens: (input) => this.#happens(input),
    });
  }

  /** The phone leg was answered. From here on the person waits for us. */
  answered(maxDurationMs: number): void {
    if (this.#finished !== undefined) return;
    this.#voice.answered();
    const lead = Math.min(leaveTakingMs, maxDurationMs / 4);
    this.#commands.startTimer('time-nearly-up', maxDurationMs - lead);
    this.#commands.startTimer('time-up', maxDurationMs);
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
        if (this.#stream !== stream) return;
        this.#gaps.noteAudio();
        this.#voice.append(chunk);
        this.#loudness.person(chunk);
        this.#listeners?.hear('person', chunk);
      },
      markReached: (name) => {
        if (this.#stream === stream) this.#happens({ type: 'mark-reached', name });
      },
      digit: (digit) => {
        if (this.#stream === stream) this.#happens({ type: 'digit', digit });
      },
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

  /** Nothing more is said to the person, or by somebody else: the call cannot be handed over. */
  get isLeaving(): boolean {
    const { mode } = this.#state;
    return mode === 'ending' || mode === 'voicemail' || mode === 'away' || mode === 'over';
  }

  /** @returns false when nothing can come of it now, e.g. since there is nobody on the line */
  steer(steering: Steering): boolean {
    if (!this.#isLineOpen || !isHeeded(this.#state, steering)) return false;
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
      if (listeners.count === 0 && this.#listeners === listeners) this.#listeners = undefined;
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

  /**
   * The phone leg is gone, is to go, or goes on without us: what the person has not heard by now is taken back and the
   * media stream closed. Then settles the words that are still coming and what came of the goal, and lets go.
   */
  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  async #finish(): Promise<void> {
    this.#happens({ type: 'line-closed' });
    this.#stream?.close();
    this.#loudness.finish();
    this.#commands.stopTimers();
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
    for (const command of watchSilence(before, played.state)) this.#commands.carryOut(command);
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
    for (const command of commands) this.#commands.carryOut(command);
    if (state.mode !== 'taken-over') this.#listeners?.gaveBack();
    if (this.#isVoiceAged) this.#renewIfCalm();
  }

  #clearCarrier(): void {
    this.#loudness.cleared();
    this.#listeners?.cleared();
    this.#stream?.clear();
  }
}
