import { Webhook } from 'standardwebhooks';

/** A secret as Standard Webhooks writes it: `whsec_` and 24 to 64 bytes in base64. */
export function isWebhookSecret(text: string): boolean {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const { length } = Buffer.from(base64, 'base64');
  return base64.length % 4 === 0 && length >= 24 && length <= 64;
}

/**
 * The headers by which a receiver knows that a body is ours, untouched and fresh (Standard Webhooks 1.0).
 *
 * @param secrets one signature each, so that receivers may go over from one to the other; none: no headers
 * @param at of this attempt, ms since 1970
 */
export function signatureHeaders(
  secrets: readonly string[],
  id: string,
  at: number,
  body: string,
): Readonly<Record<string, string>> {
  if (secrets.length === 0) return {};
  const date = new Date(at);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, date, body)).join(' '),
  };
}
