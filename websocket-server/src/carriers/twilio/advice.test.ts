import { describe, expect, test } from 'vitest';
import { adviceForCode, adviceForSip, adviceIn } from './advice.ts';

/** What a person who sets this up or rings somebody can meet, and what they are to be told to look at. */
const met: readonly (readonly [what: string, codes: readonly number[], tells: RegExp])[] = [
  ['wrong credentials', [20003], /TWILIO_ACCOUNT_SID.*TWILIO_AUTH_TOKEN.*TWILIO_API_KEY_SID/],
  ['another account', [20404], /TWILIO_ACCOUNT_SID/],
  ['no balance', [10001, 10003, 20005, 90010], /Billing/],
  ['a trial account', [10002, 21219, 573002, 573005], /trial.*upgrade/is],
  ['the end of a trial call', [13805], /10 minutes.*Upgrade/],
  ['too many calls at once', [10004, 20429], /Try again/],
  ['a country that is not allowed', [13227, 21215], /Geo permissions/],
  ['a blocked number', [21216], /support/],
  ['a number to call that is none', [21211], /E\.164/],
  ['a number that cannot be reached', [21214, 21217], /in service/],
  ['a number to call from that is not ours', [21210], /`from`/],
  ['a number to call from that is none', [21212], /TWILIO_PHONE_NUMBER/],
  ['a webhook address that is none', [21201, 21205], /PUBLIC_URL/],
  ['a webhook that fails, or whose signature does not match', [11200, 12100], /PUBLIC_URL.*signature/],
  ['a number that calls are handed to and that is none', [13224], /TRANSFER_NUMBERS/],
  ['keys that are none', [13430], /0-9/],
  ['a media stream that cannot be opened', [31920, 31922], /WebSocket/],
  ['a media stream that breaks', [31901, 31903], /network/],
  ['a certificate', [31910], /certificate/],
  ['a proxy that breaks frames, or a fault of ours', [31924, 31950, 31951, 31930], /fault of this server/],
  ['the longest call', [32015], /timeoutSec/],
];

describe.each(met)('%s', (_what, codes, tells) => {
  test.each(codes)('error %i is told in plain words, with what to look at', (code) => {
    const { sentence } = adviceForCode(code, 'words of the carrier');
    expect(sentence).toMatch(tells);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(sentence).not.toContain('words of the carrier');
    expect(sentence).not.toContain(String(code));
  });
});

test('only what passes by itself may be tried again', () => {
  const retryable = met.flatMap(([, codes]) => codes).filter((code) => adviceForCode(code).retryable);
  expect(retryable).toEqual([10004, 20429]);
});

test('a call that is over is told as over, and no fault of a setting', () => {
  expect(adviceForCode(21220).sentence).toBe('The call is not in progress any more.');
});

test.each([
  ['Error 31920: upgrade failed', /WebSocket/],
  ['31951 Stream - Protocol error', /fault of this server/],
])('the code within "%s" is found', (words, tells) => {
  expect(adviceIn(words)).toMatch(tells);
});

test('words without a known code get no advice', () => {
  expect(adviceIn('something went wrong after 12345 ms')).toBeUndefined();
});

test.each([404, 480, 403, 503])('SIP answer %i is told in plain words', (code) => {
  expect(adviceForSip(code)).toMatch(/^[A-Z].*\.$/);
});
