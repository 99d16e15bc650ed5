import type { OwnTool } from '../agent/own-tool.ts';
import type { VoiceSession } from '../voice-models/voice-model.ts';
import type { CallSessionParts } from './call-session-parts.ts';
import type {
  Command,
  ConversationInput,
  KeysToPress,
  OwnToolRequest,
  TimerName,
} from './conversation-state.ts';
import type { LastWords } from './last-words.ts';

/** What commands reach beside the parts of the session. */
interface CommandReach {
  /** The voice session of this moment, if there is one. */
  readonly voice: () => VoiceSession | undefined;
  readonly lastWords: LastWords;
  /** Throws away what the person has not heard yet. */
  readonly clearCarrier: () => void;
  readonly happens: (input: ConversationInput) => void;
}

/** Asked on the side, as often as there is doubt. */
const whoAnswered = { requestId: 'who-answered', aside: { tool: 'who_answered' } } as const;

/** Carries out what `converse` decides, and tells the conversation what became of it. */
export class CommandRunner {
  readonly #parts: CallSessionParts;
  readonly #reach: CommandReach;
  readonly #timers = new Map<TimerName, () => void>();

  constructor(parts: CallSessionParts, reach: CommandReach) {
    this.#parts = parts;
    this.#reach = reach;
  }

  /** Does what a command says, or sees to it that it is done. */
  carryOut(command: Command): void {
    switch (command.type) {
      case 'clear-carrier':
        return this.#reach.clearCarrier();
      case 'truncate-item':
        return this.#reach.voice()?.truncate(command.itemId, command.heardMs);
      case 'delete-item':
        return this.#reach.voice()?.deleteItem(command.itemId);
      case 'request-response':
        return this.#reach.voice()?.requestResponse(command);
      case 'ask-who-answered':
        return this.#reach.voice()?.requestResponse(whoAnswered);
      case 'cancel-response':
        return this.#reach.voice()?.cancelResponse(command.responseId);
      case 'answer-tool':
        return this.#reach.voice()?.answerTool(command.toolCallId, command.output);
      case 'add-text':
        return this.#reach.voice()?.addText(command.role, command.text);
      case 'record':
        return this.#parts.record(command.happening);
      case 'report-outcome':
        return this.#reach.lastWords.reported(command.report);
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
        return this.startTimer(command.name, command.ms);
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
    this.#reach.happens({ type: 'keys-pressed', toolCallId, problem });
  }

  async #runTool(tool: OwnTool, request: OwnToolRequest): Promise<void> {
    const output = await this.#parts.runTool(tool, request);
    this.#reach.happens({ type: 'tool-finished', toolCallId: request.toolCallId, output });
  }

  /** Starts it anew where it runs. */
  startTimer(name: TimerName, ms: number): void {
    this.#timers.get(name)?.();
    const stop = this.#parts.clock.after(ms, () => this.#reach.happens({ type: 'timer', name }));
    this.#timers.set(name, stop);
  }

  /** No timer fires any more. */
  stopTimers(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }
}
