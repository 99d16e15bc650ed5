import type { Persona, PersonInCall } from '../personas/persona.ts';
import type { Caption } from '../speech/captions.ts';
import type { Speech } from '../speech/speech.ts';
import { detectMachine } from './answering-machine.ts';
import { CallAudio } from './call-audio.ts';
import { CallDocument } from './call-document.ts';
import type { CallOrder, CallState, DocumentSource } from './call-order.ts';
import { finalStates, statusForm } from './call-order.ts';
import { CallStreams } from './call-streams.ts';
import { CallTimers } from './call-timers.ts';
import { CallWebhooks } from './call-webhooks.ts';
import { dial } from './dialing.ts';
import { dialLeg } from './dialed-leg.ts';
import type { DialedLeg } from './dialed-leg.ts';
import { Expectations } from './expectations.ts';
import type { Faults } from './faults.ts';
import type { MediaStream } from './media-stream.ts';
import type { Violation } from './media-stream.ts';
import { OrderedRecording } from './ordered-recording.ts';
import type { RecordingOrder } from './ordered-recording.ts';
import { startRecording } from './recording.ts';
import type { Recording } from './recording.ts';
import type { ScriptHost } from './script.ts';
import { newSid } from './sid.ts';
import { SimulatedPerson } from './simulated-person.ts';
import { StatusCallbacks } from './status-callbacks.ts';
import type { StatusEvent } from './status-callbacks.ts';
import type { Ticker } from './ticker.ts';
import type { DialVerb } from './twiml.ts';

/** What the network lends to each of its calls. */
export interface CallSurroundings {
  readonly accountSid: string;
  readonly authToken: string;
  readonly speech: Speech;
  readonly ticker: Ticker;
  /** Who is at a number that a document dials. */
  personaAt(number: string): Persona;
  readonly recordingsFolder?: string;
  /** Instead of the persona's own. */
  readonly ringsForMs?: number;
}

const defaultRingTimeoutSeconds = 60;
const longestCallSeconds = 14_400;
const priceSettlesAfterMs = 2000;

/** One call of the simulated network: its life, its audio, and the handles that a test holds it by. */
export class SimulatedCall {
  readonly sid = newSid('CA');
  readonly order: CallOrder;
  readonly persona: Persona;
  readonly createdAt = new Date();
  /** Numbers that a document had dialed. */
  readonly dialed: string[] = [];
  /** What became of them. */
  readonly legs: DialedLeg[] = [];
  /** Recordings ordered through the REST API. */
  readonly recordings: OrderedRecording[] = [];
  readonly states: CallState[] = ['queued'];
  readonly person: SimulatedPerson;
  answeredAt: Date | undefined;
  endedAt: Date | undefined;
  endedBy: 'person' | 'document' | 'api' | 'limit' | 'network' | undefined;
  answeredBy: string | undefined;
  sipResponseCode = 200;

  readonly #faults: Faults;
  readonly #surroundings: CallSurroundings;
  readonly #expectations = new Expectations();
  readonly #audio = new CallAudio(() => this.#expectations.changed());
  readonly #webhooks: CallWebhooks;
  readonly #streams: CallStreams;
  readonly #callbacks: StatusCallbacks;
  readonly #timers = new CallTimers();
  readonly #document: CallDocument;
  #personInCall: PersonInCall | undefined;
  #hangUpsFailed = 0;
  #recording: Recording | undefined;

  constructor(order: CallOrder, persona: Persona, faults: Faults, surroundings: CallSurroundings) {
    this.order = order;
    this.persona = persona;
    this.#faults = faults;
    this.#surroundings = surroundings;
    this.#webhooks = new CallWebhooks(surroundings.authToken, () => this.#expectations.changed());
    this.#streams = new CallStreams({
      accountSid: surroundings.accountSid,
      authToken: surroundings.authToken,
      callSid: this.sid,
      webhooks: this.#webhooks,
      onStarted: (stream) => {
        const { streamDropsAfterMs } = faults;
        if (streamDropsAfterMs !== undefined) this.#after(streamDropsAfterMs, () => stream.drop());
      },
      onCleared: () => this.#personInCall?.cleared?.(),
      onChange: () => this.#expectations.changed(),
    });
    this.#callbacks = new StatusCallbacks(
      (form) => this.#tell(form),
      order.statusCallbackEvents,
      faults.callbacks,
    );
    this.#document = new CallDocument({
      script: this.#scriptHost(),
      isOver: () => this.isOver,
      isAnswered: () => this.answeredAt !== undefined,
      pickUp: () => this.#pickUp(),
      request: (source) => this.#webhooks.document(source, statusForm(this, this.#surroundings.accountSid)),
      problem: (code, message) => this.#webhooks.problem(code, message),
      end: (state, by, sipResponseCode) => this.end(state, by, sipResponseCode),
    });
    this.person = new SimulatedPerson({
      line: this.#audio.line,
      speech: surroundings.speech,
      voice: persona.voice,
      hangUp: () => this.end('completed', 'person'),
      press: (digit) => this.stream?.sendDigit(digit),
      heardWords: () => this.heardWords,
      heardMs: () => this.#audio.heardMs,
      until: (check, what, withinMs) => this.until(check, what, withinMs),
    });
  }

  /** The captions that the person heard, in order. */
  get heard(): readonly Caption[] {
    return this.#audio.heard;
  }

  /** Webhooks that failed and documents that could not be run, with Twilio's codes. */
  get problems(): readonly Violation[] {
    return this.#webhooks.problems;
  }

  /** Everything but audio that came on the media streams. */
  get received(): CallStreams['received'] {
    return this.#streams.received;
  }

  /** The audio that came, counted. */
  get receivedAudio(): CallStreams['receivedAudio'] {
    return this.#streams.receivedAudio;
  }

  /** What the other side did wrong on a media stream. */
  get violations(): readonly Violation[] {
    return this.#streams.violations;
  }

  /** Every media stream of the call; more than one if its document was replaced. */
  get streams(): readonly MediaStream[] {
    return this.#streams.all;
  }

  get to(): string {
    return this.order.to;
  }

  get from(): string {
    return this.order.from;
  }

  get state(): CallState {
    return this.states.at(-1) ?? 'queued';
  }

  get isOver(): boolean {
    return finalStates.has(this.state);
  }

  /** The media stream of the moment. */
  get stream(): MediaStream | undefined {
    return this.#streams.current;
  }

  /** The words that the person heard, joined by spaces. */
  get heardWords(): string {
    return this.heard.flatMap(({ kind, text }) => (kind === 'word' ? [text] : [])).join(' ');
  }

  /** Whole seconds from the answer to the end, or until this moment. */
  get durationSeconds(): number {
    if (!this.answeredAt) return 0;
    return Math.ceil(((this.endedAt ?? new Date()).getTime() - this.answeredAt.getTime()) / 1000);
  }

  /** @throws Error if the call does not get there in time, or ends in another state */
  async reaches(state: CallState, withinMs = 30_000): Promise<void> {
    await this.until(() => this.states.includes(state) || undefined, `the state ${state}`, withinMs);
  }

  /** Waits for anything that can be read from this call. */
  until<T>(check: () => T | undefined, what: string, withinMs = 30_000): Promise<T> {
    return this.#expectations.until(check, what, withinMs, () => {
      const words = this.heardWords;
      return `the call is ${this.state}; heard "${words}"`;
    });
  }

  /** Twilio tells the price of a call some time after its end: minutes there, a moment here. */
  get isPriceSettled(): boolean {
    return this.endedAt !== undefined && Date.now() - this.endedAt.getTime() >= priceSettlesAfterMs;
  }

  dial(): void {
    dial({
      sid: this.sid,
      from: this.from,
      to: this.to,
      persona: this.persona,
      ringTimeoutMs: (this.order.ringTimeoutSeconds ?? defaultRingTimeoutSeconds) * 1000,
      ringsForMs: this.#surroundings.ringsForMs ?? this.persona.ringsForMs,
      after: (ms, act) => this.#after(ms, act),
      initiated: () => this.#enter('initiated', 'initiated'),
      ringing: () => this.#ring(),
      answer: () => void this.#answer(),
      isAnswered: () => this.answeredAt !== undefined,
      end: (state, by, sipResponseCode) => this.end(state, by, sipResponseCode),
    });
  }

  /** The person has dialed us: the document is asked for before anything is answered. */
  arrive(): void {
    this.#ring();
    void this.#document.run(this.order.document);
  }

  /** New TwiML takes the place of the running document, whose stream is closed. */
  replaceDocument(document: DocumentSource): void {
    void this.#document.run(document);
  }

  /** Records both parties from this moment on; the callback comes when the call is over. */
  record(order: RecordingOrder): OrderedRecording {
    const recording = new OrderedRecording(order);
    this.recordings.push(recording);
    this.#expectations.changed();
    return recording;
  }

  limitTo(seconds: number): void {
    const passedMs = this.answeredAt ? Date.now() - this.answeredAt.getTime() : 0;
    if (!this.isOver) this.#timers.limit(seconds * 1000 - passedMs, () => this.end('completed', 'limit'));
  }

  /** Ends the call as the REST API was asked to. @returns false where that goes wrong on purpose */
  hangUp(): boolean {
    if (this.#hangUpsFailed < (this.#faults.hangUpsFail ?? 0)) {
      this.#hangUpsFailed += 1;
      return false;
    }
    const isAnswered = this.state === 'in-progress';
    this.end(isAnswered ? 'completed' : 'canceled', 'api', isAnswered ? 200 : 487);
    return true;
  }

  /** Ends the call, once: what comes later changes nothing. */
  end(state: CallState, by: NonNullable<SimulatedCall['endedBy']>, sipResponseCode = 200): void {
    if (this.isOver) return;
    this.endedAt = new Date();
    this.endedBy = by;
    this.sipResponseCode = sipResponseCode;
    this.#document.stop();
    this.#audio.stop();
    this.#timers.clear();
    if (this.#recording) void this.#webhooks.keep(this.#recording.close());
    for (const recording of this.recordings) {
      const { callback, callbackMethod } = recording.order;
      if (callback === undefined) continue;
      const form = recording.form(this.#surroundings.accountSid, this.sid);
      void this.#webhooks.post(callback, callbackMethod, form);
    }
    this.#enter(state, 'completed');
    this.persona.over?.(by === 'person');
    this.#expectations.close(`the call is over (${state}, by the ${by}); heard "${this.heardWords}"`);
  }

  /** Waits until all that the call had to tell and write is done. */
  async settled(): Promise<void> {
    this.#callbacks.close();
    await this.#webhooks.settled();
  }

  #ring(): void {
    this.#enter('ringing', 'ringing');
    void this.#warmUp();
  }

  async #answer(): Promise<void> {
    if (this.isOver) return;
    if (!(await this.#pickUp())) return;
    const detection = this.#detectMachine();
    const { sendDigits, machineDetection, document } = this.order;
    if (sendDigits !== undefined && !(await this.#document.press(sendDigits))) return;
    if (!machineDetection?.isAsynchronous) await detection;
    await this.#document.run(document);
  }

  /** From here on there is audio. @returns false if the call was over before */
  async #pickUp(): Promise<boolean> {
    const { recordingsFolder, ticker } = this.#surroundings;
    if (recordingsFolder !== undefined) {
      this.#recording = await startRecording(recordingsFolder, this.sid).catch((error: unknown) => {
        this.#webhooks.problem(0, `no recording: ${String(error)}`);
        return undefined;
      });
    }
    if (this.isOver) {
      await this.#recording?.close();
      return false;
    }
    this.answeredAt = new Date();
    this.#enter('in-progress', 'answered');
    this.limitTo(this.order.timeLimitSeconds ?? longestCallSeconds);
    this.#personInCall = this.persona.meet(this.person.handset);
    this.#audio.start(ticker, {
      person: this.#personInCall,
      recordings: () => [...(this.#recording ? [this.#recording] : []), ...this.recordings],
      stream: () => this.stream,
    });
    return true;
  }

  #scriptHost(): ScriptHost {
    return {
      line: this.#audio.line,
      announcement: async (text) => (await this.#surroundings.speech.say(text, 'slt')).audio,
      openStream: (verb) => this.#streams.open(verb),
      digitArrived: (digit) => this.#personInCall?.pressed?.(digit),
      dial: (verb, signal) => this.#dialLeg(verb, signal),
    };
  }

  async #dialLeg(verb: DialVerb, signal: AbortSignal): Promise<DialedLeg> {
    this.dialed.push(verb.number);
    this.#expectations.changed();
    const { accountSid, personaAt } = this.#surroundings;
    const host = {
      line: this.#audio.line,
      persona: personaAt(verb.number),
      document: (source: DocumentSource, form: Readonly<Record<string, string>>) =>
        this.#webhooks.document(source, {
          ...statusForm(this, accountSid),
          ...form,
          ParentCallSid: this.sid,
        }),
    };
    const leg = await dialLeg(verb, host, signal);
    this.legs.push(leg);
    this.#expectations.changed();
    return leg;
  }

  async #detectMachine(): Promise<void> {
    const { machineDetection } = this.order;
    if (!machineDetection) return;
    const { answeredBy, durationMs } = await detectMachine(
      {
        isMachine: this.persona.isMachine,
        waitsForBeep: machineDetection.waitsForBeep,
        after: (ms, act) => this.#after(ms, act),
        beeped: this.until(() => this.#audio.hasBeeped || undefined, 'a beep', 30_000),
      },
      this.#faults.detection,
    );
    if (this.isOver) return;
    this.answeredBy = answeredBy;
    if (machineDetection.callback === undefined || this.#faults.detection?.isMissing) return;
    await this.#webhooks.post(machineDetection.callback, machineDetection.callbackMethod, {
      CallSid: this.sid,
      AccountSid: this.#surroundings.accountSid,
      AnsweredBy: answeredBy,
      MachineDetectionDuration: String(durationMs),
    });
  }

  #enter(state: CallState, event: StatusEvent): void {
    this.states.push(state);
    this.#callbacks.tell(event, statusForm(this, this.#surroundings.accountSid));
    this.#expectations.changed();
  }

  async #tell(form: Readonly<Record<string, string>>): Promise<void> {
    const { statusCallback, statusCallbackMethod } = this.order;
    if (statusCallback !== undefined) await this.#webhooks.post(statusCallback, statusCallbackMethod, form);
  }

  /** Has the person's first words ready when the phone is picked up. */
  async #warmUp(): Promise<void> {
    const { speech } = this.#surroundings;
    const utterances = this.persona.sayings.map((text) => ({ text, voice: this.persona.voice }));
    await speech
      .prepare(utterances)
      .catch((error: unknown) => this.#webhooks.problem(0, `no speech: ${String(error)}`));
  }

  #after(ms: number, act: () => void): void {
    if (!this.isOver) this.#timers.after(ms, act);
  }
}
