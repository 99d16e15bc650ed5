import type { Log } from '../../lib/log.ts';
import type { CarrierResponse, CarrierRoute, CarrierWebhook, SwitchBoard } from '../carrier.ts';
import { paths, type Addresses } from './addresses.ts';
import { adviceIn } from './advice.ts';
import { reportOfStatus } from './call-status.ts';
import { verdictOf } from './machine-detection.ts';
import type { SignatureCheck } from './signature.ts';
import {
  briefingTwiml,
  connectTwiml,
  emptyTwiml,
  hangUpTwiml,
  rejectTwiml,
  sayAndHangUpTwiml,
} from './twiml.ts';

/** Twilio's largest callback is a few kB. */
const maxBodyLength = 64 * 1024;
const apology = 'Sorry, we cannot take this call at the moment. Goodbye.';

const accepted: CarrierResponse = { status: 204, contentType: 'text/plain', body: '' };
const failed: CarrierResponse = { status: 500, contentType: 'text/plain', body: 'failed' };
const forbidden: CarrierResponse = { status: 403, contentType: 'text/plain', body: 'signature not valid' };
const tooLarge: CarrierResponse = { status: 413, contentType: 'text/plain', body: 'too large' };

export interface WebhooksOptions {
  readonly check: SignatureCheck;
  readonly refused: (path: string) => void;
  readonly office: Omit<SwitchBoard, 'attached'>;
  /** Undefined without a public URL; no signature is then valid either. */
  readonly addresses: Addresses | undefined;
  readonly log: Log;
}

/** A signed request: its form fields, and the `call` of its query. */
interface Callback {
  readonly callId: string | undefined;
  /** The `transfer` of its query. */
  readonly transferStep: string | undefined;
  /** A form field, or a query field; undefined when missing or empty. */
  field(name: string): string | undefined;
}

type Handler = (callback: Callback) => CarrierResponse | Promise<CarrierResponse>;

/** The routes that Twilio calls. */
export function createWebhooks({ check, refused, office, addresses, log }: WebhooksOptions): CarrierRoute[] {
  function route(path: string, methods: CarrierRoute['methods'], handler: Handler): CarrierRoute {
    return {
      path,
      methods,
      async handle(request) {
        if (request.body.length > maxBodyLength) return tooLarge;
        if (!check.webhook(request)) {
          refused(path);
          return forbidden;
        }
        return handler(readCallback(request));
      },
    };
  }

  async function voice(callback: Callback): Promise<CarrierResponse> {
    if (callback.transferStep !== undefined) return transfer(callback);
    const carrierCallId = callback.field('CallSid');
    if (carrierCallId === undefined || addresses === undefined) return xml(hangUpTwiml());
    const { callId } = callback;
    const to = callback.field('To') ?? '';
    const from = callback.field('From') ?? '';
    // `outbound-api` for a call that was placed by REST (Twilio's voice webhook, `Direction`).
    const direction = callback.field('Direction')?.startsWith('outbound') ? 'outbound' : 'inbound';
    try {
      const answer = await office.answered({
        carrier: 'twilio',
        carrierCallId,
        callId,
        direction,
        to,
        from,
      });
      noteAnswerer(callback);
      if (answer === undefined) return xml(hangUpTwiml());
      if (answer === 'reject') return xml(rejectTwiml());
      if ('sentence' in answer) return xml(sayAndHangUpTwiml(answer.sentence));
      return xml(connectTwiml(answer, addresses.stream(answer.callId)));
    } catch (err) {
      log.error('an answered call could not be connected', { carrierCallId, callId, err });
      return xml(sayAndHangUpTwiml(apology));
    }
  }

  /** A call is being transferred: what to do with its other phone, and with the person when that is over. */
  async function transfer({ callId, transferStep, field }: Callback): Promise<CarrierResponse> {
    if (callId === undefined || addresses === undefined) return xml(hangUpTwiml());
    switch (transferStep) {
      case 'answered': {
        const answer = office.transferAnswered(callId);
        if (answer === undefined) return xml(hangUpTwiml());
        if (answer.briefing === null) {
          return xml((await office.transferTaken(callId)) ? emptyTwiml() : hangUpTwiml());
        }
        return xml(briefingTwiml(answer.briefing, addresses.transfer(callId).keyUrl));
      }
      case 'key': {
        const isTaken = field('Digits') === '1' && (await office.transferTaken(callId));
        return xml(isTaken ? emptyTwiml() : hangUpTwiml());
      }
      default: {
        const claim = office.transferEnded(callId, field('CallSid') ?? '');
        return xml(claim === undefined ? hangUpTwiml() : connectTwiml(claim, addresses.stream(callId)));
      }
    }
  }

  function status(callback: Callback): CarrierResponse {
    const carrierCallId = callback.field('CallSid');
    const word = callback.field('CallStatus');
    if (carrierCallId === undefined || word === undefined) return accepted;
    const report = reportOfStatus(carrierCallId, word, {
      sipCode: numberOf(callback.field('SipResponseCode')),
      errorCode: numberOf(callback.field('ErrorCode')),
    });
    if (report === undefined) {
      log.warn('unknown call status ignored', { carrierCallId, status: word });
      return accepted;
    }
    try {
      office.reported(report, callback.callId);
      noteAnswerer(callback);
      return accepted;
    } catch (err) {
      log.error('a call status could not be taken', { carrierCallId, status: word, err });
      return failed;
    }
  }

  /** Once Twilio knows who answered, its other callbacks may say so too. */
  function noteAnswerer(callback: Callback): void {
    if (callback.field('AnsweredBy') !== undefined) machineDetection(callback);
  }

  function machineDetection(callback: Callback): CarrierResponse {
    const carrierCallId = callback.field('CallSid');
    const answeredBy = callback.field('AnsweredBy');
    const found = answeredBy === undefined ? undefined : verdictOf(answeredBy);
    const { callId } = callback;
    if (carrierCallId === undefined || found === undefined) {
      log.warn('unknown answerer ignored', { carrierCallId, callId, answeredBy });
      return accepted;
    }
    const afterMs = callback.field('MachineDetectionDuration');
    log.info('machine detection', { carrierCallId, callId, answeredBy, afterMs });
    office.detected(carrierCallId, callId, found);
    return accepted;
  }

  function recording(callback: Callback): CarrierResponse {
    const recordingId = callback.field('RecordingSid');
    const { callId } = callback;
    const status = callback.field('RecordingStatus');
    log.info('recording', { callId, recordingId, status, seconds: callback.field('RecordingDuration') });
    if (callId !== undefined && recordingId !== undefined && status === 'completed') {
      office.recorded(callId, recordingId);
    }
    return accepted;
  }

  function streamStatus(callback: Callback): CarrierResponse {
    const details = {
      callId: callback.callId,
      carrierCallId: callback.field('CallSid'),
      streamId: callback.field('StreamSid'),
      event: callback.field('StreamEvent'),
      problem: callback.field('StreamError'),
    };
    if (details.event === 'stream-error') {
      const advice = adviceIn(details.problem ?? '');
      log.warn('Twilio could not run the media stream', { ...details, advice });
      const { carrierCallId, callId } = details;
      if (carrierCallId !== undefined) office.streamFailed(carrierCallId, callId, advice);
    } else log.debug('media stream status', details);
    return accepted;
  }

  return [
    route(paths.twiml, ['GET', 'POST'], voice),
    route(paths.status, ['POST'], status),
    route(paths.streamStatus, ['POST'], streamStatus),
    route(paths.machineDetection, ['POST'], machineDetection),
    route(paths.recording, ['POST'], recording),
  ];
}

function readCallback({ url, body }: CarrierWebhook): Callback {
  const queryStart = url.indexOf('?');
  const query = new URLSearchParams(queryStart === -1 ? '' : url.slice(queryStart + 1));
  const form = new URLSearchParams(body);
  return {
    callId: query.get('call') || undefined,
    transferStep: query.get('transfer') || undefined,
    field: (name) => form.get(name) || query.get(name) || undefined,
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function xml(body: string): CarrierResponse {
  return { status: 200, contentType: 'text/xml; charset=utf-8', body };
}
