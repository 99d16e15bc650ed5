import twilio from 'twilio';
import { describe, expect, test } from 'vitest';
import { createSignatureCheck } from './signature.ts';

const { getExpectedTwilioSignature, getExpectedBodyHash, validateRequest } = twilio;
const authToken = 'a-token-of-32-characters-in-total';
const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };
const origin = 'https://phone.example.com';
const check = createSignatureCheck(authToken, origin);

/** A form post as Twilio's own library signs it. */
function signedForm(url: string, body: string, token = authToken) {
  const params: Record<string, string | string[]> = {};
  for (const name of new URLSearchParams(body).keys()) {
    const values = new URLSearchParams(body).getAll(name);
    params[name] = values.length === 1 ? (values[0] as string) : values;
  }
  const signature = getExpectedTwilioSignature(token, url, params);
  expect(validateRequest(token, signature, url, params)).toBe(true);
  const path = url.replace(/^\w+:\/\/[^/]+/, '');
  return {
    method: 'POST',
    url: path,
    body,
    headers: { ...formHeaders, 'x-twilio-signature': signature },
  };
}

describe('a form post', () => {
  test.each([
    ['usual fields', 'CallSid=CA1&To=%2B15005550006&From=%2B15005550001&CallStatus=ringing'],
    ['no fields', ''],
    ['fields out of order, one in lower case', 'b=2&a=1&Z=3&B=4'],
    ['an empty value', 'A=&B=1'],
    ['spaces and signs', 'CallerName=A+%26+B%3DC+%C3%BC+%E2%98%8E'],
    ['a field several times', 'A=2&A=1&A=2'],
  ])('with %s passes as the official library signs it', (_, body) => {
    expect(check.webhook(signedForm(`${origin}/status?call=call-1`, body))).toBe(true);
  });

  test('passes with the query exactly as received', () => {
    for (const query of ['?call=a%20b', "?call='x'", '?call=a+b', '?', '']) {
      expect(check.webhook(signedForm(`${origin}/twiml${query}`, 'A=1'))).toBe(true);
    }
  });

  test('passes with the default port written out', () => {
    expect(check.webhook(signedForm(`${origin}:443/status`, 'A=1'))).toBe(true);
    const plain = createSignatureCheck(authToken, 'http://phone.example.com');
    expect(plain.webhook(signedForm('http://phone.example.com:80/status', 'A=1'))).toBe(true);
  });

  test('passes with the configured port left out', () => {
    const local = createSignatureCheck(authToken, 'http://127.0.0.1:8081');
    expect(local.webhook(signedForm('http://127.0.0.1:8081/status', 'A=1'))).toBe(true);
    expect(local.webhook(signedForm('http://127.0.0.1/status', 'A=1'))).toBe(true);
    expect(local.webhook(signedForm('http://127.0.0.1:9999/status', 'A=1'))).toBe(false);
  });

  test('is refused once anything about it differs', () => {
    const good = signedForm(`${origin}/status?call=1`, 'CallStatus=ringing');
    expect(check.webhook({ ...good, body: 'CallStatus=completed' })).toBe(false);
    expect(check.webhook({ ...good, body: `${good.body}&A=1` })).toBe(false);
    expect(check.webhook({ ...good, url: '/status?call=2' })).toBe(false);
    expect(check.webhook({ ...good, url: '/twiml?call=1' })).toBe(false);
    expect(check.webhook({ ...good, headers: formHeaders })).toBe(false);
    expect(check.webhook({ ...good, headers: { 'x-twilio-signature': '' } })).toBe(false);
    expect(check.webhook({ ...good, headers: { 'x-twilio-signature': 'é'.repeat(28) } })).toBe(false);
    expect(check.webhook(signedForm(`${origin}/status`, 'A=1', 'another-token'))).toBe(false);
    expect(check.webhook(signedForm('https://evil.example.com/status', 'A=1'))).toBe(false);
    expect(check.webhook(signedForm('http://phone.example.com/status', 'A=1'))).toBe(false);
  });
});

test('a GET is signed over its URL alone', () => {
  const url = `${origin}/twiml?call=1&CallSid=CA1`;
  const headers = { 'x-twilio-signature': getExpectedTwilioSignature(authToken, url, {}) };
  const request = { method: 'GET', url: '/twiml?call=1&CallSid=CA1', headers, body: '' };
  expect(check.webhook(request)).toBe(true);
  expect(check.webhook({ ...request, url: '/twiml?call=1&CallSid=CA2' })).toBe(false);
});

test('a JSON body is held to the hash in its signed query', () => {
  const body = '{"a":"ü"}';
  const path = `/recording?bodySHA256=${getExpectedBodyHash(body)}`;
  const signature = getExpectedTwilioSignature(authToken, origin + path, {});
  expect(twilio.validateRequestWithBody(authToken, signature, origin + path, body)).toBe(true);
  const request = { method: 'POST', url: path, headers: { 'x-twilio-signature': signature }, body };
  expect(check.webhook(request)).toBe(true);
  expect(check.webhook({ ...request, body: '{"a":"u"}' })).toBe(false);
  expect(check.webhook({ ...request, url: path.replace(/.$/, '!') })).toBe(false);
});

describe('an upgrade', () => {
  const upgrade = (url: string) => ({
    url: '/call',
    headers: { 'x-twilio-signature': getExpectedTwilioSignature(authToken, url, {}) },
  });

  test('passes with any spelling of our own address, and no other', () => {
    for (const [publicUrl, spellings] of [
      [origin, ['wss://phone.example.com/call', `${origin}/call`, 'wss://phone.example.com:443/call']],
      ['http://127.0.0.1:8081', ['ws://127.0.0.1:8081/call', 'http://127.0.0.1:8081/call']],
    ] as const) {
      const check = createSignatureCheck(authToken, publicUrl);
      expect(spellings.filter((spelling) => !check.upgrade(upgrade(spelling)))).toEqual([]);
      expect(check.upgrade(upgrade('wss://evil.example.com/call'))).toBe(false);
      expect(check.upgrade(upgrade('ws://phone.example.com/call'))).toBe(false);
      expect(check.upgrade({ url: '/call', headers: {} })).toBe(false);
    }
  });

  test('does not let its signature open a webhook of another path', () => {
    const { headers } = upgrade(`${origin}/call`);
    expect(check.webhook({ method: 'POST', url: '/status', headers, body: '' })).toBe(false);
  });
});

test('nothing passes when there is no auth token or no public URL to check by', () => {
  const url = `${origin}/status`;
  const body = '';
  const headers = { 'x-twilio-signature': getExpectedTwilioSignature('', url, {}) };
  const request = { method: 'POST', url: '/status', headers, body };
  expect(createSignatureCheck('', origin).webhook(request)).toBe(false);
  expect(createSignatureCheck('', origin).upgrade(request)).toBe(false);
  expect(createSignatureCheck(authToken, null).webhook(signedForm(url, body))).toBe(false);
});

test('a compatible carrier may sign in a header of its own, with a key of its own', () => {
  const byKey = createSignatureCheck('PSK_1', origin);
  const signature = twilio.getExpectedTwilioSignature('PSK_1', `${origin}/status`, { CallSid: 'CA1' });
  const request = { method: 'POST', url: '/status', body: 'CallSid=CA1' };
  const headers = { 'x-signalwire-signature': signature };
  expect(byKey.webhook({ ...request, headers })).toBe(true);
  expect(check.webhook({ ...request, headers })).toBe(false);
});
