import { signatureOf } from './signature.ts';

/** How long Twilio waits for a webhook. */
const timeoutMs = 15_000;

export interface WebhookAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Requests a webhook as Twilio does: a form, signed over the URL as it was given.
 *
 * @throws Error if nothing answers in 15 seconds
 */
export async function requestWebhook(
  authToken: string,
  request: {
    readonly url: string;
    readonly method: 'GET' | 'POST';
    readonly form: Readonly<Record<string, string>>;
  },
): Promise<WebhookAnswer> {
  const { url, method, form } = request;
  const asked = new URL(url);
  if (method === 'GET') for (const [name, value] of Object.entries(form)) asked.searchParams.set(name, value);
  const response = await fetch(asked, {
    method,
    headers: {
      'user-agent': 'TwilioProxy/1.1',
      accept: '*/*',
      'x-twilio-signature':
        method === 'GET' ? signatureOf(authToken, asked.href) : signatureOf(authToken, url, form),
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' } : {}),
    },
    ...(method === 'POST' ? { body: new URLSearchParams(form).toString() } : {}),
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, body: await response.text() };
}
