import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Stage } from './stage.ts';

/** A server's address, and the token that whoever knocks there signs with: the account's, another, or none. */
export interface Knock {
  readonly url: string;
  readonly authToken: string | undefined;
}

/** How the carrier itself knocks. */
export function asCarrier({ url, peers }: Stage): Knock {
  return { url, authToken: peers.authToken };
}

/** Posts a webhook as the carrier would. */
export function postWebhook(
  knock: Knock,
  pathAndQuery: string,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  const target = `${knock.url}${pathAndQuery}`;
  const fields = Object.keys(form)
    .sort()
    .map((name) => name + (form[name] ?? ''));
  return fetch(target, {
    method: 'POST',
    headers: signed(target + fields.join(''), knock),
    body: new URLSearchParams(form),
  });
}

/** Opens the media socket. @throws Error with the HTTP status when the upgrade is refused */
export async function openMediaSocket(knock: Knock): Promise<WebSocket> {
  const target = `${knock.url.replace(/^http/u, 'ws')}/call`;
  const socket = new WebSocket(target, { headers: signed(target, knock) });
  await once(socket, 'open');
  return socket;
}

/** The first message of a media stream. */
export function startMessage(start: {
  readonly accountSid: string;
  readonly callSid: string;
  readonly call: string;
  readonly token: string;
}): string {
  const { accountSid, callSid, call, token } = start;
  const streamSid = `MZ${'0'.repeat(32)}`;
  return JSON.stringify({
    event: 'start',
    sequenceNumber: '1',
    streamSid,
    start: {
      accountSid,
      streamSid,
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: { call, token },
    },
  });
}

/** The person's audio, 20 ms a message. */
export function mediaMessages(audio: Uint8Array): string[] {
  return Array.from({ length: audio.length / 160 }, (_, i) =>
    JSON.stringify({
      event: 'media',
      sequenceNumber: String(i + 2),
      streamSid: `MZ${'0'.repeat(32)}`,
      media: {
        track: 'inbound',
        chunk: String(i + 1),
        timestamp: String(i * 20),
        payload: Buffer.from(audio.subarray(i * 160, (i + 1) * 160)).toString('base64'),
      },
    }),
  );
}

/** The value of a stream parameter in a document. */
export function parameterIn(twiml: string, name: string): string {
  return new RegExp(`<Parameter name="${name}" value="([^"]*)"`, 'u').exec(twiml)?.[1] ?? '';
}

function signed(text: string, { authToken }: Knock): Record<string, string> {
  if (authToken === undefined) return {};
  return { 'x-twilio-signature': createHmac('sha1', authToken).update(text).digest('base64') };
}
