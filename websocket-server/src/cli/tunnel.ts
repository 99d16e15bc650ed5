import { TelephoneError } from '../lib/errors.ts';

export interface Tunnel {
  /** Origin as the internet sees it. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The part of ngrok's package that we use. */
export type Forward = (options: {
  readonly addr: string;
  readonly authtoken: string;
}) => Promise<{ url(): string | null; close(): Promise<void> }>;

const openMs = 20_000;

/**
 * Opens a tunnel from the internet to a port of this machine.
 *
 * @throws TelephoneError `tunnel-failed` when there is none within 20 s
 */
export async function openTunnel(port: number, authToken: string, forward: Forward): Promise<Tunnel> {
  const tunnel = forward({ addr: `127.0.0.1:${port}`, authtoken: authToken });
  let forgetLimit: () => void = () => {};
  const tooLong = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${openMs / 1000} s`)), openMs);
    forgetLimit = () => clearTimeout(timer);
  });
  try {
    const opened = await Promise.race([tunnel, tooLong]);
    const url = opened.url();
    if (url === null) throw new Error('it has no address');
    return { url: url.replace(/\/+$/, ''), close: () => opened.close() };
  } catch (cause) {
    throw new TelephoneError('tunnel-failed', sentenceOf(cause), {}, { cause });
  } finally {
    forgetLimit();
  }
}

/** ngrok's own words hold its error code (ngrok.com/docs/errors), over several lines. */
function sentenceOf(cause: unknown): string {
  const words = cause instanceof Error ? cause.message : String(cause);
  const code = /ERR_NGROK_\d+/.exec(words)?.[0];
  if (code === 'ERR_NGROK_105' || code === 'ERR_NGROK_107') {
    return `ngrok does not accept NGROK_AUTHTOKEN (${code}). Copy it anew from dashboard.ngrok.com, or unset it and set PUBLIC_URL.`;
  }
  if (code === 'ERR_NGROK_108' || code === 'ERR_NGROK_334') {
    return `ngrok refuses another tunnel (${code}): the account has one open already. Close that, or set PUBLIC_URL instead.`;
  }
  const why = code ?? words.split('\n')[0]?.slice(0, 200) ?? '';
  return `The tunnel could not be opened (${why}). Check the network and NGROK_AUTHTOKEN, or unset it and set PUBLIC_URL.`;
}
