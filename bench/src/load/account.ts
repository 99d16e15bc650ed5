import { createHmac } from 'node:crypto';

/** The carrier's account in the load: made up, and known to the server by its environment. */
export const account = {
  sid: `AC${'b'.repeat(32)}`,
  authToken: 'c'.repeat(32),
  phoneNumber: '+15005550006',
} as const;

/** `X-Twilio-Signature` of a request: of a form its URL and sorted fields, of an upgrade the `ws` URL alone. */
export function signatureOf(url: string, fields: Readonly<Record<string, string>> = {}): string {
  const text = Object.keys(fields)
    .sort()
    .reduce((signed, name) => signed + name + fields[name], url);
  return createHmac('sha1', account.authToken).update(text).digest('base64');
}
