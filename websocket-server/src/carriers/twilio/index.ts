import type { Config } from '../../config/config.ts';
import { InvalidRequest } from '../../lib/errors.ts';
import type { Runtime } from '../../lib/runtime.ts';
import { CarrierRejected, CarrierUnclear } from '../carrier-errors.ts';
import type { Carrier } from '../carrier.ts';
import { AccountHealth } from './account-health.ts';
import { addressesAt, paths } from './addresses.ts';
import { reportOfStatus } from './call-status.ts';
import { detection } from './machine-detection.ts';
import { createMediaSockets } from './media-sockets.ts';
import { createRefusalLog } from './refusal-log.ts';
import { createRestApi, isCallGone, type TwilioCall } from './rest-api.ts';
import { createSignatureCheck } from './signature.ts';
import { connectTwiml, dialTwiml, pressTwiml, sanitizedDigits, sayAndHangUpTwiml } from './twiml.ts';
import { createWebhooks } from './webhooks.ts';

/** Longest ringing that Twilio takes, in s. */
const maxRingSeconds = 600;
/** Room for a clock that differs from Twilio's, whose dates have whole seconds. */
const clockSlackMs = 2_000;
const maxDigits = 64;
/** Calls that nobody answered may never get a price. */
const unansweredStatuses = new Set(['busy', 'no-answer', 'failed', 'canceled']);
/** Of Twilio's prices, behind the point. */
const priceDigits = 5;
const openStatuses = new Set(['queued', 'initiated', 'ringing', 'in-progress']);

/** Twilio Programmable Voice, with Media Streams for the audio. */
export function createTwilio(
  config: Pick<Config, 'twilio' | 'publicUrl' | 'demo'>,
  runtime: Runtime,
): Carrier {
  const { twilio, publicUrl } = config;
  const log = runtime.log.child({ carrier: 'twilio' });
  const health = new AccountHealth(runtime);
  const api = createRestApi(twilio, { ...runtime, fetch: health.fetch });
  const publicAddresses = publicUrl === null ? undefined : addressesAt(publicUrl);

  function addresses() {
    if (publicAddresses !== undefined) return publicAddresses;
    const message =
      'Twilio cannot reach this server: set PUBLIC_URL to its https:// origin, or NGROK_AUTHTOKEN to open a tunnel.';
    throw new CarrierRejected('twilio', message, { retryable: false });
  }

  /** Changes a call; one that is over needs no change. */
  async function updateIfLive(carrierCallId: string, name: string, value: string): Promise<void> {
    try {
      await api.updateCall(carrierCallId, [[name, value]]);
    } catch (error) {
      if (!isCallGone(error)) throw error;
    }
  }

  return {
    name: 'twilio',
    // Twilio's own API is never spoken to without TLS.
    isSimulated: config.demo.carrier || twilio.baseUrl.startsWith('http:'),
    get problem() {
      return health.problem(() => api.ask(`${api.accountUrl}.json`));
    },

    async placeCall({ callId, to, from, ringTimeoutSeconds, maxDurationSeconds, detects }) {
      const reachedAt = addresses();
      const call = await api.createCall([
        ['To', to],
        ['From', from],
        ['Url', reachedAt.twiml(callId)],
        ['Method', 'POST'],
        ['Timeout', String(Math.min(maxRingSeconds, Math.ceil(ringTimeoutSeconds)))],
        ['TimeLimit', String(Math.ceil(maxDurationSeconds))],
        ['StatusCallback', reachedAt.status(callId)],
        ['StatusCallbackMethod', 'POST'],
        ['StatusCallbackEvent', 'initiated'],
        ['StatusCallbackEvent', 'ringing'],
        ['StatusCallbackEvent', 'answered'],
        ['StatusCallbackEvent', 'completed'],
        ...detection(detects, reachedAt.machineDetection(callId)),
      ]);
      return { carrierCallId: call.sid };
    },

    // `completed` ends a call in any state, `canceled` only one that is not answered yet.
    hangUp: (carrierCallId) => updateIfLive(carrierCallId, 'Status', 'completed'),

    limitCall: (carrierCallId, maxDurationSeconds) =>
      updateIfLive(carrierCallId, 'TimeLimit', String(Math.ceil(maxDurationSeconds))),

    async callReport(carrierCallId) {
      const call = await api.fetchCall(carrierCallId);
      if (call === undefined) return undefined;
      const report = reportOfStatus(carrierCallId, call.status);
      if (report === undefined) throw new CarrierUnclear('twilio');
      return call.endedAt === undefined ? report : { ...report, endedAt: call.endedAt };
    },

    async price(carrierCallId) {
      const call = await api.fetchCall(carrierCallId);
      if (call === undefined || call.price === null) return null;
      // Twilio bills a phone that was dialed by `<Dial>` as a call of its own.
      const legs = await api.listLegs(carrierCallId);
      const billed = [
        call,
        ...legs.filter((leg) => leg.price !== null || !unansweredStatuses.has(leg.status)),
      ];
      const amount = billed.reduce((sum, { price }) => sum + Math.abs(Number(price ?? Number.NaN)), 0);
      const isSettled = !Number.isNaN(amount);
      return isSettled ? { amount: Number(amount.toFixed(priceDigits)), currency: call.priceUnit } : null;
    },

    async findCalls({ to, from, since }) {
      // No `StartTime` filter: a call that is queued has no start time yet, and just that one is looked for.
      const calls = await api.listCalls({ to, from });
      const isOurs = (call: TwilioCall) =>
        call.to === to &&
        call.from === from &&
        (call.createdAt === undefined
          ? openStatuses.has(call.status)
          : call.createdAt >= since - clockSlackMs);
      return calls
        .filter(isOurs)
        .sort((a, b) => (a.createdAt ?? Infinity) - (b.createdAt ?? Infinity))
        .map(({ sid }) => sid);
    },

    async pressDigits(carrierCallId, digits, stream) {
      const keys = sanitizedDigits(digits);
      if (keys === '' || keys.length > maxDigits) {
        throw new InvalidRequest(
          `Give 1 to ${maxDigits} keys out of 0-9, *, # and w (a pause of half a second).`,
        );
      }
      const document = pressTwiml(keys, stream, addresses().stream(stream.callId));
      await api.updateCall(carrierCallId, [['Twiml', document]]);
    },

    async reattach(carrierCallId, stream) {
      const document = connectTwiml(stream, addresses().stream(stream.callId));
      await api.updateCall(carrierCallId, [['Twiml', document]]);
    },

    async transfer(carrierCallId, request) {
      await api.updateCall(carrierCallId, [
        ['Twiml', dialTwiml(request, addresses().transfer(request.callId))],
        ['TimeLimit', String(Math.ceil(request.talkSeconds))],
      ]);
    },

    async startRecording(carrierCallId, callId) {
      const recordingId = await api.createRecording(carrierCallId, [
        ['RecordingChannels', 'dual'],
        // Trimmed silence would move every turn in it.
        ['Trim', 'do-not-trim'],
        ['RecordingStatusCallback', addresses().recording(callId)],
        ['RecordingStatusCallbackMethod', 'POST'],
        ['RecordingStatusCallbackEvent', 'completed'],
      ]);
      return { recordingId };
    },
    async recordingsOf(carrierCallId) {
      const recordings = await api.listRecordings(carrierCallId);
      return recordings
        .map(({ sid, startedAt }) => ({ recordingId: sid, startedAt }))
        .toSorted((a, b) => (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity));
    },
    fetchRecording: (recordingId) => api.fetchRecording(recordingId),
    deleteRecording: (recordingId) => api.deleteRecording(recordingId),

    sayAndHangUp: (carrierCallId, sentence) =>
      updateIfLive(carrierCallId, 'Twiml', sayAndHangUpTwiml(sentence)),

    doors(office) {
      const check = createSignatureCheck(twilio.signingKey ?? twilio.authToken, publicUrl);
      const refused = createRefusalLog({ clock: runtime.clock, log });
      const media = createMediaSockets({ check, refused, office, runtime: { ...runtime, log } });
      return {
        routes: createWebhooks({ check, refused, office, addresses: publicAddresses, log }),
        mediaPath: paths.media,
        ...media,
      };
    },
  };
}
