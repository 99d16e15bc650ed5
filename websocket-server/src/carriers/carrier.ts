import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EndedWhy } from '../call/end-reason.ts';
import type { Chunk } from '../lib/chunk.ts';

/**
 * Whoever connects us to the phone network. An implementation owns its wire: nothing of its words or
 * shapes leaves its folder.
 */
export interface Carrier {
  readonly name: string;
  /** True in front of a simulated network, where numbers need not exist. */
  readonly isSimulated: boolean;
  /** What keeps it from dialing as far as its last answers tell, in a sentence; null for nothing. */
  readonly problem: string | null;
  /**
   * Asks the carrier to dial. Never retried once sent.
   *
   * @throws CarrierRejected when the carrier said no: nothing was dialed
   * @throws CarrierUnclear when it cannot be known whether the carrier dials: ask `findCalls`
   */
  placeCall(request: DialRequest): Promise<{ readonly carrierCallId: string }>;
  /** Ends a call in whatever state. A call that is over already, or that nobody knows, counts as ended. */
  hangUp(carrierCallId: string): Promise<void>;
  /**
   * Has the carrier itself cut a live call that arrived, as it cuts one that we place.
   *
   * @param maxDurationSeconds longest call from its answer on, in s
   */
  limitCall(carrierCallId: string, maxDurationSeconds: number): Promise<void>;
  /** What the carrier says of a call; undefined when it does not know it. */
  callReport(carrierCallId: string): Promise<CarrierReport | undefined>;
  /**
   * What the carrier bills for a call that has ended, the phones that it was transferred to counted too; null while it
   * does not say, and for a call it does not know.
   */
  price(carrierCallId: string): Promise<CarrierPrice | null>;
  /** The carrier's ids of calls between two numbers, oldest first. @param request.since ms since 1970 */
  findCalls(request: {
    readonly to: string;
    readonly from: string;
    readonly since: number;
  }): Promise<readonly string[]>;
  /**
   * Presses keys in a live call. The media stream closes and a new one opens, which claims `streamToken`.
   *
   * @param digits `0-9 * # w W`; `w` waits 0.5 s
   */
  pressDigits(carrierCallId: string, digits: string, stream: StreamClaim): Promise<void>;
  /**
   * Opens a new media stream in a live call whose stream was lost.
   *
   * @throws CarrierRejected when the call is over
   */
  reattach(carrierCallId: string, stream: StreamClaim): Promise<void>;
  /**
   * Rings another phone for the person of a live call, who hears it ring, and joins the two. The media stream closes.
   * What comes of it is asked of and told to `SwitchBoard.transfer…`.
   *
   * @throws CarrierRejected when the call is over
   */
  transfer(carrierCallId: string, request: TransferRequest): Promise<void>;
  /**
   * Records both sides of a live call from now on, a party per channel. `SwitchBoard.recorded` tells when it is ready.
   *
   * @throws CarrierRejected when the call is over
   */
  startRecording(carrierCallId: string, callId: string): Promise<{ readonly recordingId: string }>;
  /** The recordings that the carrier has of a call or is making, oldest first; none for a call that it does not know. */
  recordingsOf(carrierCallId: string): Promise<readonly CarrierRecording[]>;
  /** @returns the recording as WAV */
  fetchRecording(recordingId: string): Promise<Uint8Array>;
  /** Deletes a recording at the carrier; one that it does not know counts as deleted. */
  deleteRecording(recordingId: string): Promise<void>;
  /** Speaks a sentence in the carrier's own voice, then hangs up: for when the voice model is gone. */
  sayAndHangUp(carrierCallId: string, sentence: string): Promise<void>;
  /** The HTTP routes and the WebSocket path that the carrier's servers reach us by. */
  doors(office: SwitchBoard): CarrierDoors;
}

export interface CarrierRecording {
  readonly recordingId: string;
  /** ms since 1970, rounded down to the second; undefined where the carrier does not tell. */
  readonly startedAt: number | undefined;
}

export interface TransferRequest {
  readonly callId: string;
  readonly to: string;
  readonly from: string;
  readonly ringTimeoutSeconds: number;
  /** Longest call from now on, in s: the limit of the agent's call counts no more. */
  readonly talkSeconds: number;
}

/** Proof, one use, that a media stream belongs to a call. */
export interface StreamClaim {
  readonly callId: string;
  readonly streamToken: string;
}

export interface DialRequest {
  readonly callId: string;
  readonly to: string;
  readonly from: string;
  readonly ringTimeoutSeconds: number;
  /** Longest call from answer on, in s: the carrier's own cut, for when we are gone. */
  readonly maxDurationSeconds: number;
  /**
   * Whether the carrier is to find out who answered, and tell by `SwitchBoard.detected` while the call goes on:
   * `kind` a human or a machine, as soon as it can tell; `beep` also when a voicemail may be spoken to.
   */
  readonly detects: 'nothing' | 'kind' | 'beep';
}

/** What a carrier says of a call, in our words. */
export interface CarrierReport {
  readonly carrierCallId: string;
  readonly progress: 'dialing' | 'ringing' | 'connected' | 'ended';
  /** Only when ended: why, as far as the carrier can tell; undefined for a call that ran and was hung up. */
  readonly endedWhy?:
    Extract<EndedWhy, 'busy' | 'no_answer' | 'declined' | 'canceled' | 'carrier_error'> | undefined;
  /** Only when ended, and only where it was asked for: when, ms since 1970, rounded down to the second. */
  readonly endedAt?: number | undefined;
  /** A sentence of advice when the carrier gave a code for the failure. */
  readonly advice?: string | undefined;
}

/**
 * What the carrier makes of who answered. It may err. `machine` may be a voicemail, a phone menu or call screening;
 * `beep` is a voicemail that may be spoken to.
 */
export type MachineVerdict = 'human' | 'machine' | 'beep' | 'fax' | 'unknown';

export interface CarrierPrice {
  /** 0 or more. */
  readonly amount: number;
  /** ISO 4217, e.g. `USD`: that of the account. */
  readonly currency: string;
}

/** What the carrier's doors tell and ask the rest of the house. */
export interface SwitchBoard {
  /** The carrier reports a call's progress. `callId` is the one we gave when dialing, if the report carries it. */
  reported(report: CarrierReport, callId: string | undefined): void;
  /** The carrier has found out who answered; once per call, some seconds after the answer, or never. */
  detected(carrierCallId: string, callId: string | undefined, found: MachineVerdict): void;
  /**
   * The carrier asks what to do with a call that was answered or that arrived.
   *
   * @returns the claim for its media stream; undefined to hang up (call unknown or over); `sentence` to refuse politely; `reject` to turn the call away unanswered
   */
  answered(call: AnsweredCall): Promise<StreamClaim | { readonly sentence: string } | 'reject' | undefined>;
  /**
   * The phone that a call is transferred to was picked up.
   *
   * @returns what to tell there before a key takes the call; null: it is taken at once; undefined: hang up there
   */
  transferAnswered(callId: string): { readonly briefing: string | null } | undefined;
  /** The call was taken there. @returns false when it is no longer to be had */
  transferTaken(callId: string): Promise<boolean>;
  /**
   * Nobody is joined to the person any more.
   *
   * @returns the claim for a new media stream when nobody took the call; undefined to hang up
   */
  transferEnded(callId: string, carrierCallId: string): StreamClaim | undefined;
  /**
   * The carrier could not run a media stream of a call that it connected.
   *
   * @param advice a sentence on what to change, where the carrier's reason tells
   */
  streamFailed(carrierCallId: string, callId: string | undefined, advice: string | undefined): void;
  /** A recording of a call is ready to be fetched. */
  recorded(callId: string, recordingId: string): void;
  /**
   * A media stream presents its claim.
   *
   * @returns who listens to it; undefined when the claim is unknown, used, or belongs to another call
   */
  attached(claim: StreamClaim, carrierCallId: string, stream: MediaStream): MediaStreamListener | undefined;
}

export interface AnsweredCall {
  readonly carrier: string;
  readonly carrierCallId: string;
  /** The id that we gave when dialing; undefined for a call that arrived. */
  readonly callId: string | undefined;
  /** As the carrier tells it. */
  readonly direction: 'inbound' | 'outbound';
  readonly to: string;
  readonly from: string;
}

/** The two-way audio of a call's phone leg. A call may have several, one after another. */
export interface MediaStream {
  readonly streamId: string;
  /** Bytes handed to the stream that its socket has not taken yet. */
  readonly backlogBytes: number;
  /** Plays a chunk, and asks to be told, as `markReached`, when it has been heard. */
  play(chunk: Chunk, markName: string): void;
  /** Drops all audio that was sent and not heard yet. Waiting marks come back at once. */
  clear(): void;
  /** Ends the stream; the carrier then goes on to hang up. */
  close(): void;
}

export interface MediaStreamListener {
  /** @param streamTimeMs ms since the stream started, as the carrier stamps it */
  audio(chunk: Chunk, streamTimeMs: number): void;
  markReached(name: string): void;
  digit(digit: string): void;
  /** Told once. `stopped`: the carrier or we ended it; `lost`: it broke off, and the phone leg may still be there. */
  closed(how: 'stopped' | 'lost'): void;
}

export interface CarrierDoors {
  readonly routes: readonly CarrierRoute[];
  /** Path of the media sockets, e.g. `/call`. */
  readonly mediaPath: string;
  /** Takes an upgrade request on `mediaPath`, checks it, and either accepts or refuses it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes all sockets. */
  close(): void;
}

export interface CarrierRoute {
  readonly methods: readonly ('GET' | 'POST')[];
  readonly path: string;
  handle(request: CarrierWebhook): Promise<CarrierResponse>;
}

export interface CarrierWebhook {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Raw body text. */
  readonly body: string;
}

export interface CarrierResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}
