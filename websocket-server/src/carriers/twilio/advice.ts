/** What to do about a failure, in a sentence for whoever asked for the call. */
export interface Advice {
  readonly sentence: string;
  /** True when the same request may succeed later. */
  readonly retryable: boolean;
}

const unreachableNumber = 'Twilio cannot reach the number to call. Check that it is complete and in service.';
const geoPermission =
  'The Twilio account may not call this country or range. Allow it in the Twilio Console under Voice, Settings, Geo permissions; high-risk ranges are allowed there apart.';
const trialAccount =
  'A Twilio trial account calls only numbers verified in the Console, from the number that the trial assigned. Verify the number to call, or upgrade the account.';
const tooMany = 'Twilio takes no more calls from this account at the moment. Try again in a minute.';
const notActive =
  'The Twilio account is not active, most often because its balance is used up. Add funds in the Twilio Console under Billing; after a payment it takes some minutes. If there are funds, ask Twilio Support.';
const publicUrlBroken =
  'Twilio does not accept our webhook address. Set PUBLIC_URL to the https:// origin that Twilio reaches.';
const webhookFailed =
  'Twilio got no usable answer from our webhook. Check that PUBLIC_URL reaches this server from outside, and that TWILIO_AUTH_TOKEN is of the same account: webhooks whose signature does not match are answered 403.';
const streamUnreachable =
  'Twilio could not open the media stream. PUBLIC_URL must be https:// on port 443, and every proxy before this server must pass WebSocket upgrades on /call.';
const streamBroke =
  'The connection of the media stream broke. Check the network and the proxies between Twilio and this server.';
const streamFormat =
  'Twilio could not read what came on the media stream. Take proxies out that change WebSocket frames; if there are none, report it as a fault of this server.';

/** By error code, from the error dictionary at twilio.com/docs/api/errors. */
const sentences: Readonly<Record<number, string>> = {
  10001: notActive,
  10002: trialAccount,
  10003: notActive,
  10004: tooMany,
  11200: webhookFailed,
  12100: webhookFailed,
  13224:
    'The call could not be handed over: Twilio takes the number for invalid. Check OWNER_PHONE_NUMBER and TRANSFER_NUMBERS.',
  13227: geoPermission,
  13430: 'Twilio cannot press these keys. Use 0-9, *, #, and w for a pause.',
  13805: 'A Twilio trial account cuts calls after 10 minutes. Upgrade the account for longer ones.',
  20003:
    'Twilio refused our credentials. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET.',
  20005: notActive,
  20404: 'Twilio knows no such account or call. Check TWILIO_ACCOUNT_SID.',
  20429: tooMany,
  21201: publicUrlBroken,
  21205: publicUrlBroken,
  21210:
    'The number to call from is neither owned by the Twilio account nor verified in it. Choose another `from`, or verify it in the Twilio Console.',
  21211: 'The number to call is not a valid phone number. Write it in E.164, with + and the country code.',
  21212: 'The number to call from is not a valid phone number. Check `from` or TWILIO_PHONE_NUMBER.',
  21214: unreachableNumber,
  21215: geoPermission,
  21216: 'Twilio blocks calls to this number. Its support can say why.',
  21217: unreachableNumber,
  21219: trialAccount,
  21220: 'The call is not in progress any more.',
  31901: streamBroke,
  31903: streamBroke,
  31910:
    'Twilio does not trust the certificate behind PUBLIC_URL. Use one of a public authority, with its whole chain.',
  31920: streamUnreachable,
  31922: streamUnreachable,
  31924: streamFormat,
  31930: 'Twilio dropped audio of the agent, since its buffer was full. Report it as a fault of this server.',
  31950: streamFormat,
  31951: streamFormat,
  32015: 'The call reached the longest time that Twilio lets it last. Give a larger "timeoutSec".',
  90010: notActive,
  573002: trialAccount,
  573005: trialAccount,
};
const retryableCodes = new Set([10004, 20429]);

/** @param said the carrier's own words, used when the code is not in the table; phone numbers in it are left out */
export function adviceForCode(code: number | undefined, said?: string): Advice {
  const known = code === undefined ? undefined : sentences[code];
  if (known !== undefined) return { sentence: known, retryable: retryableCodes.has(code as number) };
  const label = code === undefined ? '' : ` (error ${code}, twilio.com/docs/api/errors/${code})`;
  const words = said === undefined || said === '' ? '.' : `: ${withoutNumbers(said)}`;
  return { sentence: `Twilio refused the request${label}${words}`, retryable: false };
}

/** The sentence for a code that stands somewhere in Twilio's words; undefined where there is none. */
export function adviceIn(words: string): string | undefined {
  const codes = words.match(/\b\d{5,6}\b/g) ?? [];
  return codes.map((code) => sentences[Number(code)]).find((sentence) => sentence !== undefined);
}

/** For a call that failed in the network, by the SIP answer that Twilio got there (RFC 3261, section 21). */
export function adviceForSip(code: number): string | undefined {
  return sipAdvice.find((row) => row.codes.includes(code))?.sentence;
}

const sipAdvice: readonly { readonly codes: readonly number[]; readonly sentence: string }[] = [
  { codes: [404, 410, 484, 604], sentence: 'The phone network says that this number does not exist.' },
  { codes: [408, 480, 504], sentence: 'The phone could not be reached. It may be off or out of coverage.' },
  { codes: [403], sentence: 'The phone network does not allow this call.' },
  { codes: [500, 502, 503], sentence: 'The phone network could not carry the call. Try again later.' },
];

function withoutNumbers(text: string): string {
  return text.replaceAll(/\+?\d[\d ().-]{5,}\d/g, 'the number').slice(0, 300);
}
