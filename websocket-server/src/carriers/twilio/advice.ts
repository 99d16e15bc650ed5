/** What to do about a failure, in a sentence for whoever asked for the call. */
export interface Advice {
  readonly sentence: string;
  /** True when the same request may succeed later. */
  readonly retryable: boolean;
}

const unreachableNumber = 'Twilio cannot reach the number to call. Check that it is complete and in service.';
const geoPermission =
  'The Twilio account may not call this country or range. Allow it in the Twilio Console under Voice, Settings, Geo permissions.';
const trialAccount =
  'A Twilio trial account calls only numbers verified in the Console, from the number that the trial assigned. Verify the number to call, or upgrade the account.';
const tooMany = 'Twilio takes no more calls from this account at the moment. Try again in a minute.';
const publicUrlBroken =
  'Twilio does not accept our webhook address. Set PUBLIC_URL to the https:// origin that Twilio reaches.';

/** By error code, from the error dictionary at twilio.com/docs/api/errors. */
const sentences: Readonly<Record<number, string>> = {
  10004: tooMany,
  13227: geoPermission,
  20003:
    'Twilio refused our credentials. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET.',
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
