import { RestError } from './rest-error.ts';

/** What the account is and owns, as far as a set-up may differ. */
export interface AccountFacts {
  readonly type?: 'Full' | 'Trial';
  readonly status?: 'active' | 'suspended' | 'closed';
  /** Numbers that it does not own and may call from. */
  readonly verifiedNumbers?: readonly string[];
  /** Own numbers that are good for messages only. */
  readonly numbersWithoutVoice?: readonly string[];
  /** Where calls to own numbers go at first, by number. */
  readonly voiceUrls?: Readonly<Record<string, string>>;
}

type Params = Readonly<Record<string, string | readonly string[]>>;
type Resource = Record<string, unknown>;

/** Fields of a number that an update may change, as form field and as they are shown. */
const changeable = {
  FriendlyName: 'friendly_name',
  VoiceUrl: 'voice_url',
  VoiceMethod: 'voice_method',
  VoiceFallbackUrl: 'voice_fallback_url',
  VoiceFallbackMethod: 'voice_fallback_method',
  VoiceApplicationSid: 'voice_application_sid',
  TrunkSid: 'trunk_sid',
  StatusCallback: 'status_callback',
  StatusCallbackMethod: 'status_callback_method',
} as const;
/** Empty, these are shown as null. */
const nullable = new Set(['voice_application_sid', 'trunk_sid', 'voice_fallback_url']);

/** The account and its numbers, on the wire shapes of Twilio's REST API (twilio.com/docs/phone-numbers/api). */
export class Account {
  readonly #sid: string;
  readonly #facts: AccountFacts;
  readonly #numbers: readonly Resource[];

  constructor(sid: string, ownNumbers: readonly string[], facts: AccountFacts) {
    this.#sid = sid;
    this.#facts = facts;
    this.#numbers = ownNumbers.map((number) => numberResource(sid, number, facts));
  }

  /** `GET /Accounts/{sid}.json` */
  get resource(): Resource {
    const uri = `/2010-04-01/Accounts/${this.#sid}`;
    return {
      sid: this.#sid,
      friendly_name: 'Simulated',
      status: this.#facts.status ?? 'active',
      type: this.#facts.type ?? 'Full',
      owner_account_sid: this.#sid,
      date_created: 'Thu, 01 Jan 2026 00:00:00 +0000',
      date_updated: 'Thu, 01 Jan 2026 00:00:00 +0000',
      subresource_uris: {
        calls: `${uri}/Calls.json`,
        incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json`,
        outgoing_caller_ids: `${uri}/OutgoingCallerIds.json`,
      },
      uri: `${uri}.json`,
    };
  }

  /** `GET /IncomingPhoneNumbers.json` */
  numbers(params: Params): Resource {
    const wanted = params['PhoneNumber'];
    const rows = this.#numbers.filter(({ phone_number }) => wanted === undefined || phone_number === wanted);
    return this.#page('IncomingPhoneNumbers', 'incoming_phone_numbers', rows);
  }

  /** `GET /OutgoingCallerIds.json` */
  callerIds(): Resource {
    const rows = (this.#facts.verifiedNumbers ?? []).map((number) => ({
      sid: sidOf('PN', `9${number}`),
      account_sid: this.#sid,
      friendly_name: number,
      phone_number: number,
      date_created: 'Thu, 01 Jan 2026 00:00:00 +0000',
      date_updated: 'Thu, 01 Jan 2026 00:00:00 +0000',
      uri: `/2010-04-01/Accounts/${this.#sid}/OutgoingCallerIds/${sidOf('PN', `9${number}`)}.json`,
    }));
    return this.#page('OutgoingCallerIds', 'outgoing_caller_ids', rows);
  }

  /** `GET` and `POST /IncomingPhoneNumbers/{sid}.json` @throws RestError */
  number(sid: string, update: Params = {}): Resource {
    const number = this.#numbers.find((candidate) => candidate['sid'] === sid);
    if (number === undefined) throw new RestError(404, 20404, `The requested resource ${sid} was not found`);
    for (const name of ['VoiceUrl', 'StatusCallback'] as const) {
      const url = update[name];
      if (typeof url === 'string' && url !== '' && !/^https?:\/\/\S+$/u.test(url)) {
        throw new RestError(400, name === 'VoiceUrl' ? 21502 : 21609, `${name} is not a valid URL: ${url}`);
      }
    }
    for (const [field, shownAs] of Object.entries(changeable)) {
      const value = update[field];
      if (typeof value === 'string') number[shownAs] = value === '' && nullable.has(shownAs) ? null : value;
    }
    return number;
  }

  #page(resource: string, field: string, rows: readonly Resource[]): Resource {
    const uri = `/2010-04-01/Accounts/${this.#sid}/${resource}.json?PageSize=50&Page=0`;
    return {
      [field]: rows,
      page: 0,
      page_size: 50,
      start: 0,
      end: Math.max(rows.length - 1, 0),
      uri,
      first_page_uri: uri,
      previous_page_uri: null,
      next_page_uri: null,
    };
  }
}

function numberResource(accountSid: string, number: string, facts: AccountFacts): Resource {
  const sid = sidOf('PN', number);
  return {
    sid,
    account_sid: accountSid,
    friendly_name: number,
    phone_number: number,
    origin: 'twilio',
    status: 'in-use',
    type: 'local',
    api_version: '2010-04-01',
    beta: false,
    capabilities: {
      voice: !(facts.numbersWithoutVoice ?? []).includes(number),
      sms: true,
      mms: false,
      fax: false,
    },
    voice_url: facts.voiceUrls?.[number] ?? '',
    voice_method: 'POST',
    voice_fallback_url: null,
    voice_fallback_method: 'POST',
    voice_application_sid: null,
    voice_caller_id_lookup: false,
    voice_receive_mode: 'voice',
    trunk_sid: null,
    status_callback: '',
    status_callback_method: 'POST',
    sms_url: '',
    sms_method: 'POST',
    sms_fallback_url: '',
    sms_fallback_method: 'POST',
    sms_application_sid: null,
    address_sid: null,
    address_requirements: 'none',
    identity_sid: null,
    bundle_sid: null,
    emergency_status: 'Inactive',
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    date_created: 'Thu, 01 Jan 2026 00:00:00 +0000',
    date_updated: 'Thu, 01 Jan 2026 00:00:00 +0000',
    uri: `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers/${sid}.json`,
  };
}

function sidOf(prefix: string, text: string): string {
  return prefix + text.replace(/\D/gu, '').padStart(32, '0').slice(-32);
}
