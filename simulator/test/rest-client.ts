import type { PhoneNetwork } from '../src/index.ts';

export const accountSid = 'AC00000000000000000000000000000001';
export const authToken = 'a-token-for-tests';

export interface RestAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks the network's REST API as a Twilio client does. */
export async function rest(
  network: PhoneNetwork,
  method: 'GET' | 'POST',
  resource: string,
  params: Readonly<Record<string, string | readonly string[]>> = {},
  credentials = `${accountSid}:${authToken}`,
): Promise<RestAnswer> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of typeof value === 'string' ? [value] : value) form.append(name, one);
  }
  const url = `${network.url}/2010-04-01/Accounts/${accountSid}${resource}`;
  const response = await fetch(method === 'GET' ? `${url}?${form.toString()}` : url, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    ...(method === 'POST' ? { body: form.toString() } : {}),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
