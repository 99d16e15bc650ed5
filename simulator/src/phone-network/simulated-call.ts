import type { Persona, PersonInCall } from '../personas/persona.ts';
import type { Caption } from '../speech/captions.ts';
import type { Speech } from '../speech/speech.ts';
import { detectMachine } from './answering-machine.ts';
import { CallAudio } from './call-audio.ts';
import type { CallOrder, CallState, DocumentSource } from './call-order.ts';
import { finalStates, statusForm } from './call-order.ts';
import { CallStreams } from './call-streams.ts';
import { CallWebhooks } from './call-webhooks.ts';
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
import { playDigits, playToPerson, runScript } from './script.ts';
import type { ScriptHost } from './script.ts';
import { newSid } from './sid.ts';
import { SimulatedPerson } from './simulated-person.ts';
import { StatusCallbacks } from './status-callbacks.ts';
import type { StatusEvent } from './status-callbacks.ts';
import type { Ticker } from './ticker.ts';
import { parseTwiml, TwimlError } from './twiml.ts';
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

const applicationError = 'We are sorry, an application error has occurred. Goodbye.';
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
  readonly #timers = new Set<NodeJS.Timeout>();
  #limit: NodeJS.Timeout | undefined;
  #script = new AbortController();
  #personInCall: PersonInCall | undefined;
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

  /** Dials: initiated, ringing, and then what the persona makes of it. */
  dial(): void {
    const { pickUp } = this.persona;
    this.#after(20, () => {
      this.#enter('initiated', 'initiated');
      if (pickUp === 'unreachable') return this.#after(200, () => this.end('failed', 'network', 404));
      this.#after(80, () => {
        this.#enter('ringing', 'ringing');
        void this.#warmUp();
        const ringsForMs = this.#surroundings.ringsForMs ?? this.persona.ringsForMs;
        const timeoutMs = (this.order.ringTimeoutSeconds ?? defaultRingTimeoutSeconds) * 1000;
        if (this.persona.ring) return this.#ring(timeoutMs);
        if (timeoutMs <= ringsForMs)
          return this.#after(timeoutMs, () => this.end('no-answer', 'network', 487));
        this.#after(ringsForMs, () => {
          if (pickUp === 'answers') void this.#answer();
          else if (pickUp === 'busy') this.end('busy', 'network', 486);
          else this.end('no-answer', 'network', 480);
        });
      });
    });
  }

  /** Somebody has the phone in the hand and decides. */
  #ring(timeoutMs: number): void {
    this.#after(timeoutMs, () => {
      if (!this.answeredAt) this.end('no-answer', 'network', 487);
    });
    let isDecided = false;
    const once = (act: () => void) => () => {
      if (isDecided || this.isOver) return;
      isDecided = true;
      act();
    };
    this.persona.ring?.({
      sid: this.sid,
      from: this.from,
      to: this.to,
      answer: once(() => void this.#answer()),
      // 603 Decline: what tells a person's no from a busy line (RFC 3261, section 21.6.2).
      decline: once(() => this.end('busy', 'person', 603)),
    });
  }

  /** The person has dialed us: the document is asked for before anything is answered. */
  arrive(): void {
    this.#enter('ringing', 'ringing');
    void this.#warmUp();
    void this.#run(this.order.document);
  }

  /** New TwiML takes the place of the running document, whose stream is closed. */
  replaceDocument(document: DocumentSource): void {
    void this.#run(document);
  }

  /** Records both parties from this moment on; the callback comes when the call is over. */
  record(order: RecordingOrder): OrderedRecording {
    const recording = new OrderedRecording(order);
    this.recordings.push(recording);
    this.#expectations.changed();
    return recording;
  }

  limitTo(seconds: number): void {
    clearTimeout(this.#limit);
    const passedMs = this.answeredAt ? Date.now() - this.answeredAt.getTime() : 0;
    if (!this.isOver)
      this.#limit = setTimeout(() => this.end('completed', 'limit'), seconds * 1000 - passedMs);
  }

  /** Ends the call, once: what comes later changes nothing. */
  end(state: CallState, by: NonNullable<SimulatedCall['endedBy']>, sipResponseCode = 200): void {
    if (this.isOver) return;
    this.endedAt = new Date();
    this.endedBy = by;
    this.sipResponseCode = sipResponseCode;
    this.#script.abort();
    this.#audio.stop();
    clearTimeout(this.#limit);
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#recording) void this.#webhooks.keep(this.#recording.close());
    for (const recording of this.recordings) void this.#tellRecording(recording);
    this.#enter(state, 'completed');
    this.persona.over?.(by === 'person');
    this.#expectations.close(`the call is over (${state}, by the ${by}); heard "${this.heardWords}"`);
  }

  /** Waits until all that the call had to tell and write is done. */
  async settled(): Promise<void> {
    this.#callbacks.close();
    await this.#webhooks.settled();
  }

  async #answer(): Promise<void> {
    if (!(await this.#pickUp())) return;
    const detection = this.#detectMachine();
    if (this.order.sendDigits !== undefined) {
      const script = this.#script;
      await playDigits(this.#scriptHost(), this.order.sendDigits, script.signal);
      if (script.signal.aborted) return;
    }
    if (!this.order.machineDetection?.isAsynchronous) await detection;
    if (!this.isOver && !this.#script.signal.aborted) await this.#run(this.order.document);
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

  async #run(document: DocumentSource): Promise<void> {
    if (this.isOver) return;
    this.#script.abort();
    const script = new AbortController();
    this.#script = script;
    try {
      const verbs = parseTwiml(
        await this.#webhooks.document(document, statusForm(this, this.#surroundings.accountSid)),
      );
      if (script.signal.aborted || this.isOver) return;
      if (!this.answeredAt && verbs[0]?.verb !== 'Reject' && !(await this.#pickUp())) return;
      const end = await runScript(this.#scriptHost(), verbs, script.signal);
      if (end.next === 'request') await this.#run(this.#resolved(end, document));
      else if (end.next === 'reject') this.end(end.reason === 'busy' ? 'busy' : 'failed', 'document', 603);
      else if (end.next === 'hang-up') this.end('completed', 'document');
    } catch (error) {
      if (script.signal.aborted) return;
      this.#webhooks.problem(error instanceof TwimlError ? error.code : 0, String(error));
      if (document.fallback) return this.#run(document.fallback);
      await this.#apologise(script.signal);
    }
  }

  async #apologise(signal: AbortSignal): Promise<void> {
    if (!this.answeredAt) return this.end('failed', 'network', 500);
    const spoken = await this.#scriptHost()
      .announcement(applicationError)
      .catch(() => undefined);
    if (spoken) await playToPerson(this.#audio.line, spoken, signal);
    if (!signal.aborted) this.end('completed', 'network');
  }

  /** A relative URL in a document is relative to where the document came from. */
  #resolved(
    end: { url: string; method: 'GET' | 'POST'; form: Record<string, string> },
    from: DocumentSource,
  ): DocumentSource {
    const base = 'url' in from ? from.url : undefined;
    return { url: new URL(end.url, base).href, method: end.method, form: end.form };
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

  async #tellRecording({ sid, order, durationSeconds, startedAt }: OrderedRecording): Promise<void> {
    if (order.callback === undefined) return;
    const { accountSid } = this.#surroundings;
    await this.#webhooks.post(order.callback, order.callbackMethod, {
      AccountSid: accountSid,
      CallSid: this.sid,
      RecordingSid: sid,
      RecordingUrl: `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`,
      RecordingStatus: 'completed',
      RecordingDuration: String(durationSeconds),
      RecordingChannels: '2',
      RecordingStartTime: startedAt.toUTCString().replace('GMT', '+0000'),
      RecordingSource: 'StartCallRecordingAPI',
      RecordingTrack: 'both',
    });
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
    if (this.isOver) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}
