import { CarrierUnclear } from '../../carrier-errors.ts';
import { isRecord } from '../../../lib/is-record.ts';
import type { TwilioRestApi } from '../rest-api.ts';

/** The part of the Account resource that we read (twilio.com/docs/iam/api/account). */
export interface TwilioAccount {
  readonly label: string;
  /** `active`, `suspended` or `closed`. */
  readonly status: string;
  readonly isTrial: boolean;
}

/** The part of an IncomingPhoneNumber that we read (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource). */
export interface TwilioNumber {
  readonly sid: string;
  /** E.164. */
  readonly number: string;
  readonly label: string;
  readonly hasVoice: boolean;
  readonly voiceUrl: string;
  readonly voiceMethod: string;
  /** Where one of these is set, Twilio does not look at `voiceUrl`. */
  readonly applicationSid: string | null;
  readonly trunkSid: string | null;
}

export interface TwilioAccountApi {
  account(): Promise<TwilioAccount>;
  numbers(): Promise<readonly TwilioNumber[]>;
  /** Numbers that the account does not own and may call from; a trial account may call only these. */
  verifiedNumbers(): Promise<readonly string[]>;
  /** Sends a number's calls to an address, and news of them to another, in place of an application if there is one. */
  setVoiceUrl(sid: string, addresses: { voiceUrl: string; statusUrl: string }): Promise<TwilioNumber>;
}

/** Longest page that Twilio gives. */
const pageSize = 1000;

export function createAccountApi({ accountUrl, ask }: TwilioRestApi): TwilioAccountApi {
  async function listOf(resource: string, field: string): Promise<readonly Record<string, unknown>[]> {
    const page = await ask(`${accountUrl}/${resource}.json?PageSize=${pageSize}`);
    const rows = isRecord(page) ? page[field] : undefined;
    if (!Array.isArray(rows)) throw new CarrierUnclear('twilio');
    return rows.filter(isRecord);
  }

  return {
    async account() {
      const account = await ask(`${accountUrl}.json`);
      if (!isRecord(account)) throw new CarrierUnclear('twilio');
      return {
        label: text(account['friendly_name']),
        status: text(account['status']),
        isTrial: account['type'] === 'Trial',
      };
    },
    numbers: async () => (await listOf('IncomingPhoneNumbers', 'incoming_phone_numbers')).map(numberOf),
    verifiedNumbers: async () =>
      (await listOf('OutgoingCallerIds', 'outgoing_caller_ids')).map((row) => text(row['phone_number'])),
    async setVoiceUrl(sid, { voiceUrl, statusUrl }) {
      const number = await ask(`${accountUrl}/IncomingPhoneNumbers/${encodeURIComponent(sid)}.json`, [
        ['VoiceUrl', voiceUrl],
        ['VoiceMethod', 'POST'],
        ['VoiceApplicationSid', ''],
        ['StatusCallback', statusUrl],
        ['StatusCallbackMethod', 'POST'],
      ]);
      if (!isRecord(number)) throw new CarrierUnclear('twilio');
      return numberOf(number);
    },
  };
}

function numberOf(row: Record<string, unknown>): TwilioNumber {
  const capabilities = isRecord(row['capabilities']) ? row['capabilities'] : {};
  return {
    sid: text(row['sid']),
    number: text(row['phone_number']),
    label: text(row['friendly_name']),
    hasVoice: capabilities['voice'] === true,
    voiceUrl: text(row['voice_url']),
    voiceMethod: text(row['voice_method']) || 'POST',
    applicationSid: text(row['voice_application_sid']) || null,
    trunkSid: text(row['trunk_sid']) || null,
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
