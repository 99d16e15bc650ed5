import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { isWebhookSecret, signatureHeaders } from './webhook-signature.ts';

const secrets = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  `whsec_${Buffer.from('another secret of thirty-two bytes').toString('base64')}`,
];

test('while two secrets are set, a receiver that knows either one takes the message, and no other', () => {
  const headers = signatureHeaders(secrets, 'msg_1', Date.now(), '{"type":"ping"}');
  for (const secret of secrets) {
    expect(new Webhook(secret).verify('{"type":"ping"}', headers)).toEqual({ type: 'ping' });
    expect(() => new Webhook(secret).verify('{"type":"pong"}', headers)).toThrow();
  }
  const stranger = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  expect(() => new Webhook(stranger).verify('{"type":"ping"}', headers)).toThrow();
});

test('without a secret there are no headers', () => {
  expect(signatureHeaders([], 'msg_1', 0, '{}')).toEqual({});
});

test.each([
  [secrets[0] ?? '', true],
  ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', false],
  ['whsec_c2hvcnQ=', false],
  ['whsec_not base64 at all, not base64 at all', false],
  [`whsec_${Buffer.alloc(65).toString('base64')}`, false],
])('%s is a secret: %s', (text, isOne) => {
  expect(isWebhookSecret(text)).toBe(isOne);
});
