import { createHmac } from 'node:crypto';

/**
 * What Twilio puts into `X-Twilio-Signature`: HMAC-SHA1, in base64, over the URL exactly as it was
 * configured, followed by each form parameter's name and value, sorted by name
 * (twilio.com/docs/usage/webhooks/webhooks-security).
 */
export function signatureOf(
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>> = {},
): string {
  const parameters = Object.keys(form)
    .sort()
    .map((name) => name + (form[name] ?? ''));
  return createHmac('sha1', authToken)
    .update(url + parameters.join(''))
    .digest('base64');
}
