import { loudnessOf } from '@mcp-telephone/simulator';
import type {
  AnsweredCall,
  Carrier,
  CarrierReport,
  MachineVerdict,
  MediaStream,
  MediaStreamListener,
  StreamClaim,
  SwitchBoard,
} from '../../src/carriers/carrier.ts';
import type { Chunk } from '../../src/lib/chunk.ts';

/** Who is at a number, as the contract wants it. */
export type Callee = 'picks-up' | 'lets-it-ring' | 'is-busy' | 'is-refused';

/** A phone as its network sees it, and whoever holds it. */
export interface Phone {
  readonly isUp: boolean;
  readonly heardWords: string;
  /** Audio of ours that was heard so far, in ms. */
  readonly heardMs: number;
  /** Keys that sounded there, in their order. */
  readonly heardKeys: string;
  /** @param audio µ-law, 8 kHz */
  plays(audio: Uint8Array): Promise<unknown>;
  presses(digits: string): void;
  hangsUp(): void;
  /** Resolves when the call is over at the network. */
  over(): Promise<void>;
}

/** What the contract needs to run a carrier: the adapter, and the far side of its wire in hand. */
export interface CarrierStage {
  readonly carrier: Carrier;
  readonly office: Office;
  /** A number of its own each time. */
  number(callee: Callee): string;
  /** A number that the account may call from, and that can be dialed. */
  readonly ownNumber: string;
  /** @throws Error when the network has no such call */
  phone(carrierCallId: string): Phone;
  /** How often somebody's phone was dialed. */
  dialingsOf(number: string): number;
  /** The answer to the next placing is lost, after it was carried out or before. */
  loseNextAnswer(when: 'after-dialing' | 'before-dialing'): void;
  /** Somebody dials our number. @returns their phone */
  dialIn(from: string): Phone;
  /** Reports a call as the carrier does, whatever its real state. */
  report(callId: string, carrierCallId: string, progress: CarrierReport['progress']): Promise<void>;
  /** Knocks at the doors without being the carrier. @returns what was refused: reports, and media streams */
  knocksAsStranger(callId: string, carrierCallId: string): Promise<{ isRefused: boolean }>;
  close(): Promise<void>;
}

/** A media stream that came, and what it told. */
export class AttachedStream implements MediaStreamListener {
  readonly stream: MediaStream;
  readonly claim: StreamClaim;
  readonly marks: string[] = [];
  digits = '';
  audioMs = 0;
  /** Of it, what was no silence. */
  loudMs = 0;
  ended: 'stopped' | 'lost' | undefined;

  constructor(stream: MediaStream, claim: StreamClaim) {
    this.stream = stream;
    this.claim = claim;
  }

  audio(chunk: Chunk): void {
    this.audioMs += chunk.ms;
    if (loudnessOf(Buffer.from(Buffer.from(chunk.base64).toString('latin1'), 'base64')) > 250) {
      this.loudMs += chunk.ms;
    }
  }

  markReached(name: string): void {
    this.marks.push(name);
  }

  digit(digit: string): void {
    this.digits += digit;
  }

  closed(how: 'stopped' | 'lost'): void {
    this.ended = how;
  }
}

/** The rest of the house, as far as a carrier sees it: remembers what it was told, answers as a test says. */
export class Office implements SwitchBoard {
  readonly reports: (CarrierReport & { readonly callId: string | undefined })[] = [];
  readonly detections: { readonly callId: string | undefined; readonly found: MachineVerdict }[] = [];
  readonly arrivals: AnsweredCall[] = [];
  readonly streams: AttachedStream[] = [];
  readonly refusedClaims: StreamClaim[] = [];
  readonly recordings: { readonly callId: string; readonly recordingId: string }[] = [];
  readonly transfers: string[] = [];
  /** Answers for calls that arrive, by who calls; a claim by default. */
  readonly onArrival = new Map<string, { readonly sentence: string } | 'reject' | 'hang-up'>();
  /** Calls whose claims count for nothing. */
  readonly disowned = new Set<string>();
  #tokens = 0;

  claim(callId: string): StreamClaim {
    this.#tokens += 1;
    return { callId, streamToken: `token-${this.#tokens}` };
  }

  progressOf(carrierCallId: string): string[] {
    return this.reports
      .filter((report) => report.carrierCallId === carrierCallId)
      .map(({ progress }) => progress);
  }

  endOf(carrierCallId: string): CarrierReport | undefined {
    return this.reports.find(
      (report) => report.carrierCallId === carrierCallId && report.progress === 'ended',
    );
  }

  streamsOf(callId: string): AttachedStream[] {
    return this.streams.filter(({ claim }) => claim.callId === callId);
  }

  reported(report: CarrierReport, callId: string | undefined): void {
    this.reports.push({ ...report, callId });
  }

  streamFailed(): void {}

  detected(_carrierCallId: string, callId: string | undefined, found: MachineVerdict): void {
    this.detections.push({ callId, found });
  }

  answered(call: AnsweredCall) {
    this.arrivals.push(call);
    const answer = this.onArrival.get(call.from);
    if (answer === 'hang-up') return Promise.resolve(undefined);
    return Promise.resolve(answer ?? this.claim(call.callId ?? call.from));
  }

  attached(claim: StreamClaim, _carrierCallId: string, stream: MediaStream): MediaStreamListener | undefined {
    if (this.disowned.has(claim.callId)) {
      this.refusedClaims.push(claim);
      return undefined;
    }
    const attached = new AttachedStream(stream, claim);
    this.streams.push(attached);
    return attached;
  }

  transferAnswered(callId: string) {
    this.transfers.push(`${callId} answered`);
    return { briefing: null };
  }

  async transferTaken(callId: string): Promise<boolean> {
    this.transfers.push(`${callId} taken`);
    return true;
  }

  transferEnded(callId: string): StreamClaim | undefined {
    this.transfers.push(`${callId} ended`);
    return this.transfers.includes(`${callId} taken`) ? undefined : this.claim(callId);
  }

  recorded(callId: string, recordingId: string): void {
    this.recordings.push({ callId, recordingId });
  }
}
